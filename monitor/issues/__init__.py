"""Incidents as GitHub issues, kept by reconciliation: what is wanted against what is there."""
