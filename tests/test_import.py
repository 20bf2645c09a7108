"""From captures to content: forms in which pages are kept, several captures, edits, losses, hostile input."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from archiver.build import build_site
from archiver.cli.importing import import_captures
from archiver.importers import sources
from archiver.importers.readers import READERS, json_ld
from archiver.importers.shelf import read_holdings
from book import SITE

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
ADDRESS = "https://news.example.org/live/vigil"


def make_update(number: int, body: str, **more: Any) -> dict[str, Any]:
    """One update of a page, at a minute of its own."""
    return {
        "@type": "BlogPosting",
        "headline": f"Post {number}",
        "url": f"{ADDRESS}#post-{number}",
        "datePublished": f"2017-03-23T20:{number:02}:00Z",
        "articleBody": body,
        **more,
    }


def make_page(*updates: dict[str, Any], head: str = "", **more: Any) -> str:
    """A live page that says all in JSON-LD, newest first."""
    blog = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": "A vigil in the square",
        "url": ADDRESS,
        "publisher": {"name": "The News"},
        "liveBlogUpdate": list(reversed(updates)),
        **more,
    }
    data = json.dumps(blog).replace("</", "<\\/")
    return (
        f'<!doctype html><html lang="en">{head}<head><script type="application/ld+json">'
        f"{data}</script></head><body></body></html>"
    )


POSTS = (
    make_update(1, "Candles were lit at six.\nThe bells rang."),
    make_update(2, 'The square is full. <a href="https://example.org/map">A map</a>'),
)


class Archive:
    """An archive to import into, and what came of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "content").mkdir()
        (root / "content/site.md").write_text(SITE, encoding="utf-8")

    def run(self, *arguments: str | Path) -> Result:
        """Import, with whatever result."""
        words = [*map(str, arguments), "--root", str(self.root)]
        return CliRunner().invoke(import_captures, words)

    def take(self, *arguments: str | Path) -> str:
        """Import, without a fault; returns what was printed."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.output

    def save(self, name: str, data: str | bytes) -> Path:
        """A file outside content/."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def list(self, folder: str = "a-vigil-in-the-square-2017") -> list[str]:
        """The names of a coverage's posts."""
        return sorted(
            path.name
            for path in (self.root / "content" / folder).glob("*.md")
            if path.name != "coverage.md"
        )

    def read(self, name: str, folder: str = "a-vigil-in-the-square-2017") -> str:
        """A file of a coverage."""
        return (self.root / "content" / folder / name).read_text(encoding="utf-8")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


FIRST, SECOND = "2017-03-23-2001-post-1.md", "2017-03-23-2002-post-2.md"


def test_a_saved_page_becomes_content_that_builds(archive: Archive) -> None:
    said = archive.take(archive.save("page.html", make_page(*POSTS)))
    assert "2 posts read by json-ld: 2 new" in said
    assert archive.list() == [FIRST, SECOND]
    text = archive.read(SECOND)
    assert "date: 2017-03-23T20:02:00Z\ntitle: Post 2\n" in text
    assert "The square is full. [A map](https://example.org/map)" in text
    assert f"source:\n  id: post-2\n  url: {ADDRESS}#post-2\n" in text
    result = build_site(archive.root, archive.root / "build")
    assert not result.problems


def test_importing_the_same_twice_changes_nothing(archive: Archive) -> None:
    page = archive.save("page.html", make_page(*POSTS))
    archive.take(page)
    before = {path: path.read_bytes() for path in archive.root.rglob("*") if path.is_file()}
    assert "0 new, 0 changed, 2 as before" in archive.take(page)
    assert {path: path.read_bytes() for path in archive.root.rglob("*") if path.is_file()} == before


def test_a_later_capture_updates_its_posts_and_keeps_the_earlier_text(archive: Archive) -> None:
    archive.take(archive.save("one.html", make_page(*POSTS)))
    changed = make_update(1, "Candles were lit at seven.", headline="Another title")
    said = archive.take(archive.save("two.html", make_page(changed, POSTS[1])))
    assert "0 new, 1 changed, 1 as before" in said
    assert archive.list() == [FIRST, SECOND]
    assert "seven" in archive.read(FIRST)
    (earlier,) = (archive.root / "content").rglob("revisions/*/*.md")
    assert earlier.parent.name == FIRST.removesuffix(".md")
    assert "at six" in earlier.read_text(encoding="utf-8")


def test_a_file_that_was_edited_is_never_written_over(archive: Archive) -> None:
    archive.take(archive.save("one.html", make_page(*POSTS)))
    path = archive.root / "content/a-vigil-in-the-square-2017" / FIRST
    path.write_text(path.read_text(encoding="utf-8") + "\nAn editor's note.\n", encoding="utf-8")
    edited = path.read_bytes()
    changed = make_update(1, "Candles were lit at seven.")
    said = archive.take(archive.save("two.html", make_page(changed, POSTS[1])))
    assert f"{FIRST} was edited here" in said
    assert path.read_bytes() == edited
    (beside,) = (archive.root / "content").rglob("revisions/*/*.md")
    assert "seven" in beside.read_text(encoding="utf-8")


def test_pages_of_one_coverage_are_merged(archive: Archive) -> None:
    archive.save("saved/1.html", make_page(POSTS[1]))
    archive.save("saved/2.html", make_page(POSTS[0]))
    archive.save("saved/note.txt", "Nothing to see.")
    result = archive.run(archive.root / "saved")
    assert result.exit_code == 1
    assert "note.txt: not imported: no live coverage was found in it" in result.output
    folders = sorted(path.name for path in (archive.root / "content").iterdir() if path.is_dir())
    assert folders == ["a-vigil-in-the-square-2017"]
    assert archive.list() == [FIRST, SECOND]


def test_two_coverages_of_one_title_have_folders_of_their_own(archive: Archive) -> None:
    archive.take(archive.save("one.html", make_page(*POSTS)))
    archive.take(
        archive.save("two.html", make_page(*POSTS, url="https://other.example.org/live/2"))
    )
    assert archive.list("a-vigil-in-the-square-2017-2") == [FIRST, SECOND]


def test_a_coverage_is_found_under_the_name_that_it_was_given(archive: Archive) -> None:
    page = archive.save("one.html", make_page(*POSTS))
    archive.take(page, "--into", "vigil")
    archive.take(page)
    folders = sorted(path.name for path in (archive.root / "content").iterdir() if path.is_dir())
    assert folders == ["vigil"]


def test_what_was_imported_is_kept_byte_for_byte(archive: Archive) -> None:
    page = archive.save("page.html", make_page(*POSTS))
    archive.take(page)
    (kept,) = (archive.root / "content").rglob("captures/*.html")
    assert kept.read_bytes() == page.read_bytes()
    assert f"file: captures/{kept.name}" in archive.read("coverage.md")


def test_a_dry_run_writes_nothing(archive: Archive) -> None:
    before = sorted(archive.root.rglob("*"))
    page = archive.save("page.html", make_page(*POSTS))
    assert "Nothing was written." in archive.take(page, "--dry-run")
    assert sorted(archive.root.rglob("*")) == sorted([*before, page])


def test_pictures_that_were_saved_with_a_page_are_kept(archive: Archive) -> None:
    body = '<p>Words</p><img src="page_files/a.png" alt="Candles">'
    page = archive.save("saved/page.html", make_page(make_update(1, body)))
    archive.save("saved/page_files/a.png", PNG)
    said = archive.take(page)
    assert "media: 1 kept, 0 missing" in said
    (picture,) = (archive.root / "content").rglob("media/*.png")
    assert picture.read_bytes() == PNG
    assert f"![Candles](media/{picture.name})" in archive.read(FIRST)
    assert not build_site(archive.root, archive.root / "build").problems


def test_a_page_of_the_wayback_machine_has_its_own_addresses_again(archive: Archive) -> None:
    body = (
        'Words <a href="https://web.archive.org/web/20170324120000/https://example.org/map">map</a>'
    )
    page = make_page(
        make_update(1, body), head='<script>wbinfo.url = "https://x.example/";</script>'
    )
    archive.take(archive.save("page.html", page))
    assert "[map](https://example.org/map)" in archive.read(FIRST)
    (kept,) = (archive.root / "content").rglob("captures/*.html")
    assert kept.read_bytes() == page.encode()
    assert "captured: 2017-03-24T12:00:00+00:00" in archive.read("coverage.md")


def test_singlefile_says_where_and_when(archive: Archive) -> None:
    note = (
        f"<!--\n Page saved with SingleFile \n url: {ADDRESS} \n saved date: Fri Mar 24 2017 "
        "12:00:00 GMT+0100 (Central European Standard Time)\n-->"
    )
    archive.take(archive.save("page.html", note + make_page(*POSTS)))
    assert "captured: 2017-03-24T12:00:00+01:00" in archive.read("coverage.md")


def test_a_capture_says_what_made_it(archive: Archive) -> None:
    page = make_page(*POSTS)
    saved = f"<!--\n Page saved with SingleFile \n url: {ADDRESS} \n saved date: x \n-->{page}"
    archive.take(archive.save("page.html", saved))
    assert "    tool: SingleFile\n" in archive.read("coverage.md")
    (note,) = (archive.root / "content").rglob("captures/*.note.json")
    assert json.loads(note.read_text(encoding="utf-8"))["tool"] == "SingleFile"


def test_what_is_in_doubt_is_noted_until_a_better_capture_comes(archive: Archive) -> None:
    undated = {name: of for name, of in POSTS[0].items() if name != "datePublished"}
    archive.take(archive.save("page.html", make_page(undated, POSTS[1])))
    (notes,) = (archive.root / "content").rglob("captures/imported.json")
    doubts = json.loads(notes.read_text(encoding="utf-8"))["doubts"]
    assert list(doubts.values()) == ["its day is that of the post beside it"]
    build_site(archive.root, archive.root / "build")
    (page,) = (archive.root / "build").rglob("provenance.html")
    assert "its day is that of the post beside it" in page.read_text(encoding="utf-8")
    archive.take(archive.save("later.html", make_page(*POSTS)))
    assert "doubts" not in json.loads(notes.read_text(encoding="utf-8"))


def test_of_pages_that_come_one_by_one_only_those_are_missing_that_none_was(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = json_ld.read

    def read_page(record: Any, zone: Any) -> Any:
        number = 1 if b"Post 1" in record.data else 2
        lost = f"pages other than {number} of 3 are not in this capture"
        return replace(read(record, zone), page=number, pages=3, missing=(lost, "its title"))

    reader = replace(json_ld.READER, read=read_page)
    monkeypatch.setattr("archiver.importers.readers.READERS", (reader,))
    archive.take(archive.save("1.html", make_page(POSTS[0])))
    assert "- pages other than 1 of 3 are not in this capture" in archive.read("coverage.md")
    archive.take(archive.save("2.html", make_page(POSTS[1])))
    text = archive.read("coverage.md")
    assert "- page 3 of 3 is not in any capture" in text
    assert "- its title" in text
    assert "other than" not in text
    assert archive.list() == [FIRST, SECOND]


def test_a_page_in_mhtml_is_read_with_its_pictures(archive: Archive) -> None:
    page = make_page(make_update(1, '<p>Words</p><img src="cid:a@b" alt="Candles">'))
    data = (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {ADDRESS}\r\n"
        "Date: Fri, 24 Mar 2017 12:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----x"\r\n\r\n'
        f"------x\r\nContent-Type: text/html\r\nContent-Location: {ADDRESS}\r\n\r\n{page}\r\n"
        "------x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-ID: <a@b>\r\n\r\n"
    ).encode()
    page_file = archive.save("page.mhtml", data + base64.encodebytes(PNG) + b"\r\n------x--\r\n")
    archive.take(page_file)
    (kept,) = (archive.root / "content").rglob("captures/*.mhtml")
    assert kept.read_bytes() == page_file.read_bytes()
    assert "![Candles](media/" in archive.read(FIRST)
    assert "captured: 2017-03-24T12:00:00+00:00" in archive.read("coverage.md")


def make_warc(page: str) -> bytes:
    """A web archive with the page and a picture (ISO 28500), each record packed by itself."""
    packed = b""
    for address, kind, data in (
        (ADDRESS, "text/html; charset=utf-8", page.encode()),
        ("https://news.example.org/a.png", "image/png", PNG),
    ):
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + data
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\n"
            "WARC-Date: 2017-03-24T12:00:00Z\r\nWARC-Record-ID: <urn:x>\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        packed += gzip.compress(head.encode() + answer + b"\r\n\r\n")
    return packed


PICTURED = make_page(make_update(1, '<p>Words</p><img src="/a.png" alt="Candles">'))


def test_a_web_archive_is_read_with_its_pictures(archive: Archive) -> None:
    archive.take(archive.save("page.warc.gz", make_warc(PICTURED)))
    assert "![Candles](media/" in archive.read(FIRST)
    assert "captured: 2017-03-24T12:00:00+00:00" in archive.read("coverage.md")


def test_a_wacz_is_read_like_the_web_archive_in_it(archive: Archive) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("archive/data.warc.gz", make_warc(PICTURED))
        bundle.writestr("../evil.md", "words")
    archive.take(archive.save("page.wacz", out.getvalue()))
    assert "![Candles](media/" in archive.read(FIRST)
    assert not list(archive.root.parent.glob("evil.md"))


def test_a_sentence_that_is_lost_on_the_way_is_told(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archiver.importers import writer

    page = archive.save("page.html", make_page(*POSTS))
    write = writer.write_blocks  # type: ignore[attr-defined]

    def lose(blocks: Any) -> str:
        return re.sub("The bells rang", "", write(blocks))

    monkeypatch.setattr(writer, "write_blocks", lose)
    report = archive.root / "report.json"
    said = archive.take(page, "--report", report)
    assert "3 of " in said
    (coverage,) = json.loads(report.read_text(encoding="utf-8"))["coverages"]
    assert [(one["file"], one["words"]) for one in coverage["losses"]] == [
        (FIRST, ["the", "bells", "rang"])
    ]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.html", b"", "the file is empty"),
        ("binary.html", bytes(range(256)) * 9, "no live coverage was found in it"),
        ("not.wacz", b"PK\x03\x04 and no more", "the zip cannot be read"),
        ("not.warc", b"WARC/1.0\r\n", "no live coverage was found in it"),
        ("cut.html", make_page(*POSTS)[:300].encode(), "no live coverage was found in it"),
        (
            "cyclic.html",
            b'<html><script type="application/ld+json">' + b"[" * 99999,
            "no live coverage",
        ),
    ],
)
def test_what_holds_no_coverage_is_told_and_nothing_is_written(
    archive: Archive, name: str, data: bytes, reason: str
) -> None:
    path = archive.save(name, data)
    result = archive.run(path)
    assert result.exit_code == 1, result.output
    assert f"{path}: not imported: " in result.output
    assert reason in result.output
    assert [path.name for path in (archive.root / "content").iterdir()] == ["site.md"]


def test_what_is_too_large_is_told_before_it_is_read(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("archive/bomb.warc", b"\0" * 10_000_000)
    bomb = archive.save("bomb.wacz", out.getvalue())
    page = archive.save("page.html", make_page(*POSTS) + " " * 2_000_000)
    monkeypatch.setattr(sources, "MAXIMUM_SIZE", 5_000_000)
    monkeypatch.setattr(sources, "MAXIMUM_PAGE", 1_000_000)
    said = archive.run(bomb, page)
    assert said.exit_code == 1
    assert "bomb.wacz: not imported: what the zip holds is larger than" in said.output
    assert "page.html: not imported: the page is larger than" in said.output


def test_hostile_names_and_markup_lead_nowhere(archive: Archive) -> None:
    hostile = make_update(
        1,
        "<p onclick=x()>Words</p><script>alert(1)</script><img src='../../../etc/passwd' alt=x>",
        headline="../../../etc/passwd",
        url=f"{ADDRESS}#../../x",
    )
    archive.take(archive.save("page.html", make_page(hostile, headline="../../evil")))
    (folder,) = [path for path in (archive.root / "content").iterdir() if path.is_dir()]
    assert folder.name == "evil-2017"
    (post,) = [path for path in folder.glob("*.md") if path.name != "coverage.md"]
    assert post.name == "2017-03-23-2001-etc-passwd.md"
    text = post.read_text(encoding="utf-8")
    assert "onclick" not in text
    assert "alert" not in text


def test_an_import_that_was_stopped_is_done_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = archive.save("page.html", make_page(*POSTS))
    replace, calls = os.replace, []

    def stop(source: Any, target: Any) -> None:
        calls.append(target)
        if len(calls) == 3:
            raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", stop)
    result = archive.run(page)
    assert result.exit_code == 1
    assert "No space left on device" in result.output
    assert not list(archive.root.rglob("*.part"))
    monkeypatch.undo()
    archive.take(page)
    assert archive.list() == [FIRST, SECOND]
    assert read_holdings(archive.root / "content/a-vigil-in-the-square-2017").notes["digests"]


def test_each_reader_is_told_in_the_docs_and_has_a_page_of_our_own() -> None:
    root = Path(__file__).parents[1]
    text = (root / "docs/import.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)
    names = {reader.name for reader in READERS}
    assert set(told) == names
    folders = {path.name for path in (root / "tests/captures").iterdir()}
    assert names <= folders
