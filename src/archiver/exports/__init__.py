"""Hand-over: what is published, in the forms that libraries, readers and tables know.

An export reads the built folder, whose bytes it takes as they are, and the data that the build has
written of each coverage; what is not published is in none of them. Everything streams.
"""

from archiver.exports.publication import Publication, open_publication
from archiver.exports.target import ExportError

__all__ = ["ExportError", "Publication", "open_publication"]
