"""The daemon: when runs start, each a process of its own."""
