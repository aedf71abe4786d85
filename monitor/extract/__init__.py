"""Bytes to links; pure, and the only importers of HTML and Markdown parsers."""
