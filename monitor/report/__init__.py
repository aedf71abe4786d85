"""One Report value, and its renderings."""
