"""Pages and media from the web, within limits: the only part of archiver that uses the network."""
