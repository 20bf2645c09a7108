"""An archive in memory: what a change touches is new, the rest is as it was, and a build says the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archiver.files import Folder
from archiver.preview import Preview, open_preview
from archiver.preview.shelves import Reading, read_shelf
from book import PICTURE, Book
from sealing import seal

MakeBook = Callable[[str], Book]
FLOOD = """
=== a.md
---
date: 2017-03-23T20:25:00Z
title: The first post
tags: [water]
---
The first words.
=== b.md
---
date: 2017-03-23T20:35:00Z
title: The second post
---
The second words.
=== content/other/c.md
---
date: 2017-03-24T09:00:00Z
title: Elsewhere
aliases: [older]
---
See [the first](../event/a.md).
"""
DRAFT = """
=== d.md
---
date: 2017-03-23T20:30:00Z
title: Not yet
key: true
draft: true
---
Words to come.
"""


def read(preview: Preview, path: str) -> str:
    """A page's text."""
    return read_bytes(preview, path).decode()


def read_bytes(preview: Preview, path: str) -> bytes:
    """A file as it would be sent."""
    answer = preview.read_page(path)
    assert answer is not None, path
    return answer.file.read_bytes() if answer.file else answer.data


def change(preview: Preview, book: Book, text: str) -> None:
    """Write files, and refresh the preview with their paths."""
    book.write(text)
    paths = [line[4:].strip() for line in text.splitlines() if line.startswith("=== ")]
    whole = (path if "/" in path else f"content/event/{path}" for path in paths)
    preview.refresh(frozenset(whole))


def list_previewed(built: Book) -> list[str]:
    """The files of a build that are in a preview, too: all but the index of words and its page."""
    return [path for path in built.files() if not path.startswith(("SHA256SUMS", "search"))]


def test_a_preview_says_that_it_has_no_index(book: MakeBook) -> None:
    preview = open_preview(book(FLOOD).root)
    page = read(preview, "search.html")
    assert "There is no index here" in page
    assert "search.js" not in page
    assert preview.read_page("search/names.js") is None


def test_every_file_of_a_build_is_in_the_preview_byte_for_byte(book: MakeBook) -> None:
    text = (
        FLOOD
        + "\n=== content/event/media/a.png\n=== content/event/media/b.svg\n"
        + ('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script><path d="M0 0"/></svg>\n')
    )
    built = book(text).build()
    preview = open_preview(built.root)
    paths = list_previewed(built)
    assert len(paths) > 20
    for path in paths:
        answer = preview.read_page(path)
        assert answer is not None, path
        data = answer.file.read_bytes() if answer.file else answer.data
        assert data == (built.output / path).read_bytes(), path


def test_seals_are_in_the_preview_as_in_a_build(book: MakeBook) -> None:
    made = book(FLOOD)
    name = seal(made).name
    change_of_words = "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nOther words.\n"
    made.write(change_of_words).build()
    preview = open_preview(made.root)
    for path in ("index.html", "seals.txt", f"seal/{name}", "event/a.html", "event/index.html"):
        assert read(preview, path) == made.read(path)
    assert "updated edited" in read(preview, "event/a.html")
    assert preview.read_page("seal/another.txt") is None


def test_a_sealed_permalink_that_is_gone_is_told_until_it_is_back(book: MakeBook) -> None:
    made = book(FLOOD)
    preview = open_preview(made.root)
    name = seal(made).name
    assert preview.refresh(frozenset({f"content/seal/{name}"})).problems == ()
    text = "---\ndate: 2017-03-23T20:35:00Z\ndraft: true\n---\nThe second words.\n"
    made.write(f"=== b.md\n{text}")
    told = preview.refresh(frozenset({"content/event/b.md"})).problems
    assert [one.code for one in told] == ["sealed-permalink-gone"]
    assert told == made.check().result.problems
    made.write("=== b.md\n" + text.replace("draft: true\n", ""))
    assert preview.refresh(frozenset({"content/event/b.md"})).problems == ()
    assert "updated edited" in read(preview, "event/b.html")
    made.remove(f"content/seal/{name}")
    preview.refresh(frozenset({f"content/seal/{name}"}))
    assert "updated edited" not in read(preview, "event/b.html")


def test_a_long_coverage_is_cut_as_a_build_cuts_it(book: MakeBook) -> None:
    site = "=== content/site.md\n---\ntitle: Long\ntimeline_page_size: 2\n---\n"
    posts = "".join(
        f"=== p{n:02}.md\n---\ndate: 2017-03-{23 + n // 8}T{20 + n % 3}:{n:02}:00Z\n"
        f"aliases: [older-{n}]\n---\nPost {n}.\n"
        for n in range(15)
    )
    built = book(site + posts).build()
    preview = open_preview(built.root)
    for path in built.files():
        if path.startswith("event/"):
            assert read(preview, path) == built.read(path), path


def test_after_changes_the_preview_says_what_a_build_says(book: MakeBook) -> None:
    archive = book(FLOOD)
    preview = open_preview(archive.root)
    change(preview, archive, "=== a.md\n---\ndate: 2017-03-23T20:40:00Z\ntags: [fire]\n---\nNew.\n")
    change(preview, archive, "=== content/event/coverage.md\n---\ntitle: Another name\n---\n")
    change(preview, archive, "=== e.md\n---\ndate: 2017-03-23T20:50:00Z\n---\nOne more.\n")
    archive.remove("content/event/b.md")
    preview.refresh(frozenset({"content/event/b.md"}))
    built = archive.build()
    for path in list_previewed(built):
        assert read_bytes(preview, path) == (built.output / path).read_bytes(), path
    assert preview.read_page("event/b.html") is None
    assert preview.read_page("tags/water.html") is None


def test_only_the_coverage_that_changed_is_read_again(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = book(FLOOD)
    preview = open_preview(archive.root)
    seen: list[str] = []

    def watch(root: Path, folder: Folder, *rest: Any) -> Reading:
        seen.append(folder.slug)
        return read_shelf(root, folder, *rest)

    monkeypatch.setattr("archiver.preview.editions.read_shelf", watch)
    change(preview, archive, "=== b.md\n---\ndate: 2017-03-23T20:35:00Z\n---\nOther words.\n")
    assert seen == ["event"]
    assert "Other words." in read(preview, "event/b.html")
    seen.clear()
    change(preview, archive, "=== content/site.md\n---\ntitle: Another archive\n---\n")
    assert "Another archive" in read(preview, "event/b.html")
    # The language and the zone of the site are no longer what they were: all entries are read by them.
    assert seen == ["event", "other"]


def test_a_link_from_another_coverage_follows_a_post_that_takes_another_permalink(
    book: MakeBook,
) -> None:
    archive = book(FLOOD)
    preview = open_preview(archive.root)
    assert 'href="../event/a.html"' in read(preview, "other/c.html")
    change(preview, archive, "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\nslug: z\n---\nWords.\n")
    assert 'href="../event/z.html"' in read(preview, "other/c.html")
    archive.remove("content/event/a.md")
    refreshed = preview.refresh(frozenset({"content/event/a.md"}))
    assert [problem.code for problem in refreshed.problems] == ["broken-link"]
    assert 'href="../event/z.html"' in read(preview, "other/c.html")


def test_what_has_an_error_is_shown_as_it_was_and_the_rest_as_it_is(book: MakeBook) -> None:
    archive = book(FLOOD)
    preview = open_preview(archive.root)
    change(preview, archive, "=== a.md\n---\ndate: yesterday\n---\nBroken.\n")
    assert preview.latest.failed
    assert [problem.code for problem in preview.latest.problems] == ["not-a-date"]
    assert "The first words." in read(preview, "event/a.html")
    change(
        preview,
        archive,
        "=== content/other/c.md\n---\ndate: 2017-03-24T09:00:00Z\n---\nStill goes on.\n",
    )
    assert preview.latest.failed
    assert "Still goes on." in read(preview, "other/c.html")
    change(preview, archive, "=== a.md\n---\ndate: 2017-03-23T20:25:00Z\n---\nMended.\n")
    assert preview.latest.problems == ()
    assert "Mended." in read(preview, "event/a.html")


@pytest.mark.parametrize("path", ["content/event/coverage.md", "content/site.md"])
def test_a_missing_file_of_settings_is_a_problem_that_can_be_mended(
    book: MakeBook, path: str
) -> None:
    archive = book(FLOOD)
    preview = open_preview(archive.root)
    words = (archive.root / path).read_text()
    archive.remove(path)
    assert preview.refresh(frozenset({path})).failed
    assert "The first words." in read(preview, "event/a.html")
    change(preview, archive, f"=== {path}\n{words}")
    assert not preview.latest.failed


def test_an_archive_may_be_broken_from_the_start_and_even_have_no_content(tmp_path: Path) -> None:
    preview = open_preview(tmp_path)
    assert [problem.code for problem in preview.latest.problems] == ["no-content"]
    assert preview.read_page("event/a.html") is None
    Book(tmp_path, FLOOD)
    assert not preview.refresh(frozenset({"content"})).failed
    assert "The first words." in read(preview, "event/a.html")


def test_a_broken_template_leaves_the_theme_of_before(book: MakeBook) -> None:
    archive = book(
        FLOOD + "\n=== content/site.md\n---\ntitle: T\ntheme: mine\n---\n"
        '=== themes/mine/lost.html\n{% extends "base.html" %}{% block main %}Lost{% endblock %}\n'
    )
    preview = open_preview(archive.root)
    assert "Lost" in read(preview, "404.html")
    change(preview, archive, "=== themes/mine/lost.html\n{{ nothing.there }}\n")
    [problem] = preview.latest.problems
    assert (problem.code, problem.place.line) == ("template-error", 1)
    assert "Lost" in read(preview, "404.html")
    # It is still broken when something else changes.
    change(preview, archive, "=== b.md\n---\ndate: 2017-03-23T20:35:00Z\n---\nOther words.\n")
    assert [one.code for one in preview.latest.problems] == ["template-error"]
    assert "Other words." in read(preview, "event/b.html")
    assert "Lost" in read(preview, "404.html")
    change(preview, archive, "=== themes/mine/lost.html\nFound\n")
    assert preview.latest.problems == ()
    assert read(preview, "404.html") == "Found\n"


def test_a_template_that_breaks_on_one_page_only_tells_it_with_that_page(book: MakeBook) -> None:
    theme = "=== content/site.md\n---\ntitle: T\ntheme: mine\n---\n=== themes/mine/entry.html\n"
    archive = book(FLOOD + theme + "{{ page.post.title }}\n")
    preview = open_preview(archive.root)
    assert read(preview, "event/b.html") == "The second post\n"
    change(
        preview,
        archive,
        "=== themes/mine/entry.html\n"
        "{% if page.post.slug == 'b' %}{{ nothing.there }}{% endif %}New\n",
    )
    assert preview.latest.problems == ()
    assert read(preview, "event/a.html") == "New\n"
    answer = preview.read_page("event/b.html")
    assert answer is not None
    assert answer.data == b"The second post\n"
    assert [problem.code for problem in answer.problems] == ["template-error"]


def test_other_words_of_a_theme_are_on_every_page_and_broken_ones_on_none(book: MakeBook) -> None:
    archive = book(
        FLOOD + "\n=== content/site.md\n---\ntitle: T\ntheme: mine\n---\n"
        '=== themes/mine/words/en.toml\npermalink = "Here"\n'
    )
    preview = open_preview(archive.root)
    assert ">Here</a>" in read(preview, "event/index.html")
    change(preview, archive, '=== themes/mine/words/en.toml\npermalink = "Anchor\n')
    for words in ("Other words.", "The second words."):
        assert [problem.code for problem in preview.latest.problems] == ["broken-words"]
        assert ">Here</a>" in read(preview, "event/index.html")
        change(preview, archive, f"=== b.md\n---\ndate: 2017-03-23T20:35:00Z\n---\n{words}\n")
    change(preview, archive, '=== themes/mine/words/en.toml\npermalink = "Anchor"\n')
    assert preview.latest.problems == ()
    assert ">Anchor</a>" in read(preview, "event/index.html")


def test_a_style_or_a_picture_makes_another_version_of_files_and_a_post_does_not(
    book: MakeBook,
) -> None:
    archive = book(FLOOD + "\n=== content/event/media/a.png\n")
    preview = open_preview(archive.root)
    first = preview.latest.files
    change(preview, archive, "=== b.md\n---\ndate: 2017-03-23T20:35:00Z\n---\nOther words.\n")
    assert preview.latest.files == first
    change(preview, archive, "=== themes/mine/assets/style.css\nbody { color: red }\n")
    assert preview.latest.files == preview.latest.version
    archive.write_bytes("content/event/media/a.png", PICTURE + b"\n")
    preview.refresh(frozenset({"content/event/media/a.png"}))
    assert preview.latest.files == preview.latest.version


def test_two_coverages_that_claim_one_permalink_are_told_of(book: MakeBook) -> None:
    archive = book(FLOOD)
    preview = open_preview(archive.root)
    change(
        preview,
        archive,
        "=== b.md\n---\ndate: 2017-03-23T20:35:00Z\naliases: [other/c]\n---\nWords.\n",
    )
    assert [problem.code for problem in preview.latest.problems] == ["same-permalink"]
    change(preview, archive, "=== b.md\n---\ndate: 2017-03-23T20:35:00Z\n---\nWords.\n")
    assert preview.latest.problems == ()


def test_the_problems_are_those_of_a_check(book: MakeBook) -> None:
    archive = book(
        FLOOD + "\n=== e.md\n---\ndate: 2017-03-23T21:00:00Z\n---\n[No](../other/c.md#such)\n"
        "=== content/stray.txt\nx\n"
    )
    assert open_preview(archive.root).latest.problems == archive.check().result.problems


# Drafts


def test_a_draft_is_in_the_preview_with_a_mark_and_not_in_a_build(book: MakeBook) -> None:
    archive = book(FLOOD + DRAFT)
    preview = open_preview(archive.root)
    page = read(preview, "event/d.html")
    assert 'class="entry key draft"' in page
    assert '<li class="draft">Draft</li>' in page
    timeline = read(preview, "event/index.html")
    assert 'class="post key draft" id="d"' in timeline
    assert '<strong class="draft">Draft</strong>' in timeline  # among the key events
    built = archive.build()
    assert not (built.output / "event/d.html").exists()
    assert "draft" not in built.read("event/index.html")


def test_a_draft_in_a_list_of_posts_has_its_mark(book: MakeBook) -> None:
    archive = book(FLOOD + DRAFT.replace("key: true", "tags: [water]"))
    preview = open_preview(archive.root)
    assert read(preview, "tags/water.html").count('<strong class="draft">Draft</strong>') == 1


def test_a_draft_without_a_date_is_told_of_and_left_out(book: MakeBook) -> None:
    archive = book(FLOOD + "\n=== d.md\n---\ntitle: Some day\ndraft: true\n---\n")
    preview = open_preview(archive.root)
    [problem] = preview.latest.problems
    assert (problem.code, problem.severity) == ("missing-date", "warning")
    assert preview.read_page("event/d.html") is None
    assert archive.check().result.problems == ()


def test_a_link_to_a_draft_leads_to_it(book: MakeBook) -> None:
    archive = book(FLOOD + DRAFT)
    archive.write(
        "=== content/other/e.md\n---\ndate: 2017-03-25T09:00:00Z\n---\n[Soon](../event/d.md)\n"
    )
    preview = open_preview(archive.root)
    assert preview.latest.problems == ()
    assert 'href="../event/d.html"' in read(preview, "other/e.html")
    assert archive.try_build().codes() == ["broken-link"]


def test_the_files_are_left_as_they_are(book: MakeBook) -> None:
    archive = book(FLOOD + DRAFT).build()
    before = {path: path.stat().st_mtime_ns for path in archive.root.rglob("*")}
    preview = open_preview(archive.root)
    for path in archive.files():
        preview.read_page(path)
    assert {path: path.stat().st_mtime_ns for path in archive.root.rglob("*")} == before
