"""The books of a build: what the ledger knows of each coverage, and what it is told for the next time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from archiver.build.coverage import Built
from archiver.build.elsewhere import Elsewhere
from archiver.build.kept import Account, Resource, Summary, pack, unpack
from archiver.build.settled import SETTLED, Listings, Settled, digest_output, digest_outputs
from archiver.files import Folder
from archiver.ledger import Ledger
from archiver.load import spell_page
from archiver.model import Signature
from archiver.pages import PostView, Recent, choose_newest, unpack_posts
from archiver.regular import read_times, sign_file
from archiver.search import Part
from archiver.staging import Staging, Written

_PAGES = "pages"
_FILES = msgspec.msgpack.Decoder(tuple[Written, ...])
# In thousandths of a second.
_PATIENCE = 50


class LostPartError(Exception):
    """The ledger has lost a part of the index that it should have kept."""


class Books:
    """The books of one build into one folder; of a clean one, nothing is known before, nor where all is
    made `anew` because the books were no good."""

    def __init__(self, ledger: Ledger, staging: Staging, *, anew: bool = False) -> None:
        self._ledger = ledger
        self._staging = staging
        self._clean = staging.clean or anew
        self._kept: set[str] = set()
        # Packed, by coverage: only those that may be among the site's newest.
        self._recent: dict[str, bytes] = {}
        self._newest: Sequence[Recent] = ()
        # Of coverages of which something has changed.
        self._passed: dict[str, Account] = {}

    def find_accounts(
        self,
        folders: Iterable[Folder],
        listings: Listings,
        bases: Mapping[str, bytes],
        elsewhere: Elsewhere,
    ) -> dict[str, Account]:
        """The accounts of those coverages of which nothing has changed, by slug, as `bases` are."""
        found = {}
        for folder in folders if not self._clean else ():
            account = self._find_account(folder.slug)
            base = bases[folder.slug]
            if account and self._holds(account, listings, base, elsewhere):
                found[folder.slug] = account
            elif account:
                self._passed[folder.slug] = account
        for slug, account in list(found.items()):
            packed, outline = self._ledger.read(f"recent/{slug}"), account.summary.outline
            if packed is None or outline is None:
                del found[slug]
            else:
                self._take_recent(slug, outline.recent, packed)
        for slug in found:
            self._kept.update(f"{row}/{slug}" for row in ("coverage", "shelf", "gallery", "recent"))
            self._keep_parts(found[slug].summary)
        return found

    def find_resource(self, slug: str, base: bytes) -> Resource:
        """What may spare some work in a coverage of which something has changed."""
        if self._clean:
            return Resource()
        shelf = self._ledger.read(f"shelf/{slug}")
        account = self._passed.pop(slug, None) or self._find_account(slug)
        gallery = self._ledger.read(f"gallery/{slug}")
        if account is None or account.summary.outline is None:
            return Resource(shelf, gallery)
        return Resource(
            shelf,
            gallery,
            account.outputs,
            account.summary.outline.recent,
            self._ledger.read(f"recent/{slug}"),
            account.summary.parts,
            account.base == base,
        )

    def find_pages(self) -> tuple[Written, ...]:
        """The site's own pages as an earlier build has left them."""
        packed = None if self._clean else self._ledger.read(_PAGES)
        try:
            return _FILES.decode(packed) if packed else ()
        except msgspec.MsgspecError:
            return ()

    def note(self, built: Built) -> Built:
        """Put aside what the rest of the build does not need of a coverage."""
        slug, outline = built.summary.slug, built.summary.outline
        if outline is None:
            return built
        self._write(f"shelf/{slug}", built.shelf)
        self._write(f"recent/{slug}", built.recent)
        self._take_recent(slug, outline.recent, built.recent)
        self._keep_parts(built.summary)
        for part in built.parts:
            self._write(f"part/{slug}/{part.name}", pack(part))
        return replace(built, shelf=b"", recent=b"", parts=())

    def find_part(self, slug: str, name: str) -> Part:
        """A part of a coverage's index. LostPartError says that there is none any more."""
        part = unpack(self._ledger.read(f"part/{slug}/{name}"), Part)
        if part is None:
            raise LostPartError(slug, name)
        return part

    def note_gallery(self, slug: str, gallery: bytes) -> None:
        """Put aside what is known of a coverage's media."""
        self._write(f"gallery/{slug}", gallery)

    def find_posts(self, recent: Sequence[Recent]) -> list[PostView]:
        """The newest posts of the site."""
        packed = self._recent.values()
        found = {post.path: post for posts in packed for post in unpack_posts(posts)}
        return [found[one.path] for one in recent]

    def close(
        self,
        built: Sequence[Built],
        kept: Iterable[Account],
        bases: Mapping[str, bytes],
        pages: Sequence[Written],
        settled: Settled,
    ) -> None:
        """Write down what a build has left, now that all of it is in its place."""
        clock = self._await_step()
        left: list[bytes] = []

        def note_left(files: Iterable[Written]) -> None:
            left.extend(digest_output(one.path, one.signature) for one in files)

        for account in kept:
            note_left(account.outputs)
        for one in built:
            files = self._sign(one.written, clock)
            account = Account(bases[one.summary.slug], one.listing, files, one.summary)
            self._write(f"coverage/{one.summary.slug}", pack(account))
            note_left(files)
        files = self._sign(pages, clock)
        self._write(_PAGES, msgspec.msgpack.encode(files))
        note_left(files)
        if settled.listing and all(left):
            self._write(SETTLED, pack(replace(settled, outputs=digest_outputs(left))))
        self._ledger.commit(self._kept)

    def _find_account(self, slug: str) -> Account | None:
        return unpack(self._ledger.read(f"coverage/{slug}"), Account)

    def _holds(
        self, account: Account, listings: Listings, base: bytes, elsewhere: Elsewhere
    ) -> bool:
        """Whether nothing of a coverage has changed, nor what it asked of others, nor its files."""
        output, asked = self._staging.output, account.summary.elsewhere
        return (
            account.base == base
            and bool(account.listing)
            and account.listing == listings[account.summary.slug]
            and all(spell_page(elsewhere(path)) == answer for path, answer in asked.items())
            and all(
                one.signature and sign_file(f"{output}/{one.path}") == one.signature
                for one in account.outputs
            )
        )

    def _take_recent(self, slug: str, recent: Sequence[Recent], packed: bytes) -> None:
        self._newest = choose_newest([*self._newest, *recent])
        self._recent[slug] = packed
        needed = {one.path.partition("/")[0] for one in self._newest}
        self._recent = {slug: posts for slug, posts in self._recent.items() if slug in needed}

    def _sign(self, files: Iterable[Written], clock: int) -> tuple[Written, ...]:
        """Files with their signatures, which they have only once they are in their place."""
        return tuple(
            one
            if one.signature and not one.changed
            else replace(one, changed=False, signature=self._read_signature(one.path, clock))
            for one in files
        )

    def _read_signature(self, path: str, clock: int) -> Signature | None:
        """A file's signature; none where that need not change when the file does, or where somebody has
        changed it already."""
        signature = sign_file(f"{self._staging.output}/{path}")
        return signature if signature and read_times(signature)[1] < clock else None

    def _await_step(self) -> int:
        """Let the file system's clock go on by a step, so that who changes a file from now on changes its
        signature; the clock's time."""
        begun = self._staging.read_clock()
        for _ in range(_PATIENCE):
            clock = self._staging.read_clock()
            if clock > begun:
                return clock
            time.sleep(0.001)
        return begun

    def _keep_parts(self, summary: Summary) -> None:
        self._kept.update(f"part/{summary.slug}/{part.name}" for part in summary.parts)

    def _write(self, name: str, value: bytes) -> None:
        self._ledger.write(name, value)
        self._kept.add(name)
