"""The only modules that import what they wrap: aiohttp, yt-dlp."""
