"""An archive that holds all that an export must think of, and exports of it, read back."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result
from PIL import Image

from archiver.cli import cli
from archiver.importers.fetching.answers import Exchange
from archiver.importers.fetching.warc import write_warc
from book import Book

BASE = "https://archive.example/news"
# Nobody may find this in anything that is handed over.
SECRET = "Zanzibarium"
PAGE = b"<!doctype html><title>The flood</title><p>As it was captured.</p>"
LEFT_OUT = (
    "content/notes.txt",
    "content/flood/2017-10-31-draft.md",
    "content/flood/revisions/2017-10-31-draft/001.md",
    "content/flood/revisions/2017-10-30-gone/001.md",
    "content/flood/captures/held.html",
)

ARCHIVE = f"""=== content/site.md
---
title: The archive
description: All that an export must think of
language: en-GB
timezone: Europe/London
base_url: {BASE}
---
=== content/notes.txt
For the desk only.
=== content/flood/coverage.md
---
title: The flood
description: A river & its <bed>
contributors: [{{name: Night desk, role: Desk, place: London}}]
key_points: ["Water over [the bridge](2017-10-28-2340-bridge.md)"]
notice: Retold by *others*.
rights: {{licence: CC BY 4.0, holder: The archive}}
source: {{publisher: The Paper, url: "https://paper.example/live/flood", missing: [Pages 2 to 5]}}
---
What this is about.
=== content/flood/2017-10-28-2340-bridge.md
---
date: 2017-10-28T23:40:00+01:00
updated: 2017-10-29T00:10:00+01:00
title: The bridge is "closed" & dark
byline: [{{name: Night desk, role: Desk}}, The Paper]
key: true
tags: [bridges, "=SUM(A1:A9)"]
source: {{id: p1, url: "https://paper.example/live/flood#p1"}}
corrections: [{{date: 2017-10-30, note: It was the old bridge.}}]
---
The bridge is closed.[^1] See [old ways](2017-10-29-0130-winter.md#old-ways),
[the calm](../calm/2023-11-30-0915-news.md) and [far away](https://far.example/a?b=1&c=[2]).

[^1]: Since half past eleven.

![The bridge at night](media/bridge.png "The bridge. Credit: The Paper")

![A chart](media/chart.bmp)

| Time | Height |
| --- | ---: |
| 23:00 | 2.1 m |
=== content/flood/2017-10-29-0130-winter.md
---
date: 2017-10-29T01:30:00Z
language: cy
---
## Old ways

=Yr ail hanner awr wedi un, ~~na~~ ie. ![ar goll](media/lost.png)
=== content/flood/2017-10-30-day-only.md
---
date: 2017-10-30
order: 1
---
> ```embed
> provider: twitter
> author: A reader
> handle: "@reader"
> url: https://twitter.com/reader/status/1
> text: |
>   Still wet. #flood
>   *Very* wet.
> ```

```embed
provider: youtube
```
=== content/flood/2017-10-30-gone.md
---
date: 2017-10-30
order: 2
title: {SECRET}
tags: [{SECRET}]
byline: {SECRET}
source: {{id: {SECRET}, url: "https://paper.example/{SECRET}"}}
# {SECRET} was what it was about
withdrawn: {{date: 2018-01-01, by: The editor, reason: A court order}}
---
{SECRET} said so.
=== content/flood/2017-10-31-draft.md
---
date: 2017-10-31T10:00:00Z
draft: true
---
Not yet said.
=== content/flood/revisions/2017-10-30-gone/001.md
---
date: 2017-10-30
---
{SECRET} once said so.
=== content/flood/revisions/2017-10-31-draft/001.md
---
date: 2017-10-31T10:00:00Z
---
Not yet said at all.
=== content/flood/revisions/2017-10-28-2340-bridge/001.md
---
date: 2017-10-28T23:40:00+01:00
---
The bridge is open.
=== content/flood/media/bridge.png
=== content/flood/captures/held.html
<!doctype html><p>{SECRET} said so.</p>
=== content/calm/2023-11-30-0915-news.md
---
date: 2023-11-30T09:15
title: عنوان الخبر
key: true
---
نص الخبر مع *كلمة*.
"""


def write_archive(root: Path) -> Book:
    """The archive, not yet built: a coverage with a withdrawn post, and one in Arabic with its captures."""
    exchange = Exchange(
        "https://paper.example/live?page=2",
        datetime(2023, 12, 1, 9, tzinfo=UTC),
        ((b"Accept", b"*/*"),),
        200,
        ((b"Content-Type", b"text/html; charset=utf-8"),),
        b"<!doctype html><p>Fetched.</p>",
    )
    fetched = write_warc((exchange,))
    captures = [
        ("page.html", "https://paper.example/live", "2023-12-01T08:00:00Z", PAGE),
        ("fetched.warc.gz", exchange.address, "2023-12-01T09:00:00Z", fetched),
        ("pasted.txt", "", "", b"Pasted from somewhere."),
    ]
    told = [
        {"file": f"captures/{name}", "url": url, "captured": captured, "sha256": digest(data)}
        for name, url, captured, data in captures
    ]
    kept = [{key: value for key, value in one.items() if value} for one in told]
    overview = (
        "---\ntitle: الهدوء\nlanguage: ar\ntimezone: Asia/Beirut\n"
        f"source: {{publisher: الجريدة, captures: {json.dumps(kept)}}}\n---\n"
    )
    book = Book(root, f"{ARCHIVE}=== content/calm/coverage.md\n{overview}")
    chart = io.BytesIO()
    Image.new("RGB", (1, 1)).save(chart, "BMP")
    book.write_bytes("content/flood/media/chart.bmp", chart.getvalue())
    for name, _, _, data in captures:
        book.write_bytes(f"content/calm/captures/{name}", data)
    return book


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def export(root: Path, form: str, *arguments: str, fails: bool = False) -> Result:
    """An export of the archive in a folder, in this process."""
    result = CliRunner().invoke(cli, ["export", form, *arguments, "--root", str(root)])
    if not fails:
        assert result.exit_code == 0, (result.output, result.exception)
    return result
