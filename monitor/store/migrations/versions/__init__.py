"""One file a step; their `revision` is the version noted in the database."""
