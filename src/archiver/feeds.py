"""Feeds to bytes: Atom (RFC 4287) and JSON Feed 1.1.

Atom demands a time for each entry. Where a post's time is not recorded, `updated` is the first
moment of its day and `published` is left out; JSON Feed leaves `date_published` out.

JSON Feed knows whole addresses only. Where the site has none, a feed names its pages as they lie, in an
extension of its own: `"_archiver": {"page": "event/post.html"}`, as seen from the feed.
"""

from __future__ import annotations

import html as entities
import json
from collections.abc import Callable
from typing import Any

from archiver.pages.views import FeedPost, FeedView, PostView
from archiver.urls import rebase_html

# What a post looks like in a feed: its slots filled, its links as its own page has them, and what became
# of it since.
ShowPost = Callable[[PostView], str]


def write_atom(feed: FeedView, show: ShowPost) -> bytes:
    """A feed as Atom; relative links are resolved by `xml:base` or by the feed's own address."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.language)}>',
        f"<id>{escape(feed.id)}</id>",
        f"<title>{escape(feed.title)}</title>",
        f"<updated>{feed.updated}</updated>",
        f"<author><name>{escape(feed.author)}</name></author>",
        f'<link rel="alternate" type="text/html" href={quoteattr(feed.home)}/>',
        f'<link rel="self" type="application/atom+xml" '
        f"href={quoteattr(feed.self_url or feed.path.rpartition('/')[2])}/>",
    ]
    if feed.description:
        lines.append(f"<subtitle>{escape(feed.description)}</subtitle>")
    if feed.rights:
        lines.append(f"<rights>{escape(feed.rights)}</rights>")
    for item in feed.posts:
        lines.extend(_write_atom_entry(item, feed.language, show))
    lines.append("</feed>\n")
    return "\n".join(lines).encode()


def write_json_feed(feed: FeedView, show: ShowPost) -> bytes:
    """A feed as JSON Feed 1.1."""
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        **_name_page("home_page_url", feed.home, feed),
        "feed_url": feed.self_url,
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_make_item(item, feed, show) for item in feed.posts],
    }
    kept = {name: value for name, value in data.items() if value != ""}
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def escape(text: str) -> str:
    """Text as XML holds it."""
    return entities.escape(text, quote=False)


def quoteattr(text: str) -> str:
    """Text as the value of an XML attribute, with its quotes."""
    return f'"{entities.escape(text)}"'


def _write_atom_entry(item: FeedPost, language: str, show: ShowPost) -> list[str]:
    post = item.post
    spoken = f" xml:lang={quoteattr(post.language)}" if post.language != language else ""
    lines = [
        f"<entry{spoken}>",
        f"<id>{escape(item.id)}</id>",
        f"<title>{escape(post.headline)}</title>",
        f"<updated>{post.machine_updated}</updated>",
    ]
    if post.date.clock:
        lines.append(f"<published>{post.machine_date}</published>")
    lines.append(f'<link rel="alternate" type="text/html" href={quoteattr(item.url)}/>')
    lines.extend(f"<author><name>{escape(byline.name)}</name></author>" for byline in post.byline)
    lines.extend(f"<category term={quoteattr(tag.label)}/>" for tag in post.tags)
    html = _show(item, show)
    if html:
        lines.append(f'<content type="html">{escape(html)}</content>')
    else:
        lines.append(f"<summary>{escape(post.headline)}</summary>")
    lines.append("</entry>")
    return lines


def _name_page(name: str, address: str, feed: FeedView) -> dict[str, Any]:
    """Where a page is: on the web, or as seen from the feed."""
    return {name: address} if feed.self_url else {"_archiver": {"page": address}}


def _make_item(item: FeedPost, feed: FeedView, show: ShowPost) -> dict[str, Any]:
    post = item.post
    data: dict[str, Any] = {"id": item.id, **_name_page("url", item.url, feed)}
    data["title"] = post.headline
    html = _show(item, show)
    data["content_html" if html else "content_text"] = html or post.headline
    if post.date.clock:
        data["date_published"] = post.machine_date
    if post.machine_changed:
        data["date_modified"] = post.machine_updated
    if post.byline:
        data["authors"] = [{"name": byline.name} for byline in post.byline]
    if post.tags:
        data["tags"] = [tag.label for tag in post.tags]
    if post.language != feed.language:
        data["language"] = post.language
    return data


def _show(item: FeedPost, show: ShowPost) -> str:
    html = show(item.post)
    return rebase_html(html, item.base + "/") if item.base else html
