"""Posts that were withdrawn are not imported again, whatever capture has them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archiver.importers.accession import Holdings
from archiver.importers.capture import Capture, Post
from archiver.importers.writer import name_post
from archiver.urls import digest_permalink, entry_path


def drop_withdrawn(
    capture: Capture, folder: str, holdings: Holdings, zone: ZoneInfo
) -> tuple[Capture, int]:
    """A capture without the posts that are tombstones in its coverage's folder, and how many it had.

    They are told by their ids, else by the names that their files had or would have.
    """
    if not holdings.withdrawn and not holdings.gone:
        return capture, 0
    kept = tuple(one for one in capture.posts if not _is_withdrawn(one, folder, holdings, zone))
    return replace(capture, posts=kept), len(capture.posts) - len(kept)


def _is_withdrawn(post: Post, folder: str, holdings: Holdings, zone: ZoneInfo) -> bool:
    if post.id and holdings.ids.get(post.id) in holdings.withdrawn:
        return True
    name = post.name or name_post(post, zone, set())
    permalink = entry_path(folder, name.removesuffix(".md"))
    return name in holdings.withdrawn or digest_permalink(permalink) in holdings.gone
