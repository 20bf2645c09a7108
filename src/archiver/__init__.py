"""archiver: live news coverage made into a permanent record of plain HTML."""

__version__ = "0.1.0"
