"""Sources to pages: what the user names, read as text."""

from monitor.crawl.reading import Unread, must_exist, pages

__all__ = ["Unread", "must_exist", "pages"]
