"""The facts that Google Drive brings, documented; a part of google_drive."""

from collections.abc import Mapping

from monitor.core.provider import Fact

FACTS: Mapping[str, Fact] = {
    "name": Fact(
        meaning="the name of the file, folder, form or document",
        source="api: name; else the title of the page, or the name that the download gives",
        identity=True,
    ),
    "type": Fact(meaning="its media type", source="api: mimeType", identity=True),
    "size": Fact(
        meaning="how large it is; Google's own documents count little or nothing",
        source="api: size; else the length that the download gives",
        unit="bytes",
        identity=True,
    ),
    "md5": Fact(
        meaning="the checksum of its content; Google's own documents have none",
        source="api: md5Checksum",
        identity=True,
    ),
    "owner": Fact(
        meaning="the names of its owners; what is in a shared drive has none",
        source="api: owners.displayName",
        identity=True,
    ),
    "owner_address": Fact(
        meaning="the e-mail address of its first owner, who can be asked; not always told",
        source="api: owners.emailAddress",
    ),
    "modified": Fact(
        meaning="when it was changed last, by anybody", source="api: modifiedTime", unit="ISO 8601"
    ),
    "downloadable": Fact(
        meaning="whether readers may download it",
        source="api: capabilities.canDownload, copyRequiresWriterPermission; else the download",
    ),
    "children": Fact(
        meaning="how many files and folders a folder holds, counted up to 1,000",
        source="children: files.list; else listing: the entries of the page",
        unit="files",
    ),
    "more_children": Fact(
        meaning="that a folder holds more than were counted", source="children: nextPageToken"
    ),
    "contents": Fact(
        meaning="how many of a folder's files are of which media type, the twenty most frequent",
        source="children: files.mimeType; else listing: the icons of the page",
        unit="files",
    ),
    "title": Fact(meaning="what a page of a site is called", source="site: its title"),
    "anchors_missing": Fact(
        meaning="the places that your links name and the page of a site lacks, each with a similar"
        " one",
        source="site: every id and <a name> of a page that was read whole",
    ),
    "status": Fact(
        meaning="the HTTP status of a page that says nothing else",
        source="page, open, download, listing, site",
    ),
}
