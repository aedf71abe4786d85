"""Sources to pages: what the user names, read as text."""

from monitor.crawl.reading import Unread, pages

__all__ = ["Unread", "pages"]
