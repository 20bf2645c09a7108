"""Whether a copy of a built site is what was built: its files by `SHA256SUMS`, its seals by each other.

A copy is judged by itself, wherever it lies, without the archive that it was made of; what somebody
knows besides (a seal, the keys of those who sign, the content) is compared with it.
"""

from archiver.fixity.copies import Copy, CopyError, FolderCopy
from archiver.fixity.verifying import Known, Verified, verify_copy

__all__ = [
    "Copy",
    "CopyError",
    "FolderCopy",
    "Known",
    "Verified",
    "verify_copy",
]
