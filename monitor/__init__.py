"""Linkwell: tells the owner of a web page which of its links still work."""
