"""History in SQL; the only module that speaks it."""
