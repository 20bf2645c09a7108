"""Seals: what was published at some moment, written down so that nothing of it goes missing unnoticed.

A seal is a text file that never changes. It names the seals before it by their digests, so that all of
them hang together as the commits of a git repository do: whoever has one of them knows all before it.
docs/newsroom.md tells the format.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from archiver.urls import digest_permalink

# What a site publishes: a list of all seals, and the folder of their files.
LIST = "seals.txt"
FOLDER = "seal"

FORMAT = "archiver seal 1"
_NOTE = (
    "# SHA-256 of each post's source, and its permalink: those that the seals before do not tell"
)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_SHAPES = tuple(
    map(re.compile, (re.escape(FORMAT), re.escape(_NOTE), r"time \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"))
)
_PARENT = re.compile(r"parent ([0-9a-f]{64})")
_PERMALINK = re.compile(r"[0-9a-f]{64}  ([^/\n]+/[^/\n]+\.html)")
_HEAD = re.compile(
    rf"{re.escape(FORMAT)}\n{re.escape(_NOTE)}\n"
    r"time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\n((?:parent [0-9a-f]{64}\n)*)\n"
)
_LINE = re.compile(r"([0-9a-f]{64})  ([^/\n]+/[^/\n]+\.html)\n")
LIST_FORMAT = "archiver seals 1"
_LIST_NOTE = (
    "# All seals of this site, oldest first: SHA-256 and file. No other seal names the newest ones"
)
_LIST = re.compile(
    rf"{re.escape(LIST_FORMAT)}\n{re.escape(_LIST_NOTE)}\n"
    r"((?:newest [0-9a-f]{64}\n)+)"
    r"((?:withheld [0-9a-f]{64} \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?: [0-9a-f]{64})*\n)*)"
    r"\n((?:[0-9a-f]{64}  [^\n]+\n)*)"
)
NAME = re.compile(r"\d{4}-\d\d-\d\d-([0-9a-f]{16})\.txt")

# Detached signatures and stamps that may lie beside a seal, and how such a file begins: none can be
# taken for a page.
STAMPS = {
    ".sig": b"-----BEGIN SSH SIGNATURE-----\n",
    ".asc": b"-----BEGIN PGP SIGNATURE-----\n",
    ".minisig": b"untrusted comment: ",
    ".ots": b"\x00OpenTimestamps\x00\x00Proof\x00",
    ".tsr": b"0",
}


class Seal(Struct, frozen=True):
    """A seal: its SHA-256, its time in UTC, the digests of the seals before it, and {permalink: digest
    of the post's source} of what these do not tell; all digests are in hexadecimal. Of one that is
    `withheld` the permalinks are not told."""

    digest: str
    time: datetime
    parents: tuple[str, ...]
    permalinks: Mapping[str, str]
    withheld: bool = False

    @property
    def name(self) -> str:
        """The name of its file: two seals never have the same, whoever makes them."""
        return f"{self.time:%Y-%m-%d}-{self.digest[:16]}.txt"

    def find_line(self, permalink: str) -> tuple[int, int]:
        """Line and column of a permalink in its file, from 1."""
        head = 5 + len(self.parents)
        return head + list(self.permalinks).index(permalink), 67


class SealError(ValueError):
    """Why a file is no seal; `line` is where, from 1, or 0 for the file as a whole."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


# When a post was sealed, as in a seal, and the digest that its source had then; oldest first.
History = Sequence[tuple[str, str]]


def write_seal(time: datetime, parents: Iterable[str], permalinks: Mapping[str, str]) -> bytes:
    """The bytes of a seal: the same for the same facts, on any machine."""
    lines = [FORMAT, _NOTE, f"time {write_time(time)}"]
    lines += [f"parent {digest}" for digest in sorted(set(parents))]
    lines.append("")
    lines += [f"{digest}  {path}" for path, digest in sorted(permalinks.items())]
    return "\n".join([*lines, ""]).encode()


def read_seal(data: bytes) -> Seal:
    """A seal of its bytes, which must be just as `write_seal` writes them; else SealError."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise SealError("it is not UTF-8") from None
    head = _HEAD.match(text)
    if head is None:
        raise _find_fault(text)
    try:
        time = datetime.strptime(head[1], _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise SealError(f"`{head[1]}` is no time", 3) from None
    found = _LINE.findall(text, head.end())
    permalinks = {path: digest for digest, path in found}
    parents = tuple(line.removeprefix("parent ") for line in head[2].splitlines())
    # What is written in another way than ours, or out of order, would have another digest.
    if write_seal(time, parents, permalinks) != data:
        raise _find_fault(text)
    return Seal(hashlib.sha256(data).hexdigest(), time, parents, permalinks)


def write_time(time: datetime) -> str:
    """A moment as seals tell it: in UTC, to the second."""
    return time.astimezone(UTC).strftime(_TIME)


def read_time(text: str) -> datetime:
    """A moment as `write_time` writes it."""
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)


def write_list(ordered: Iterable[Seal]) -> bytes:
    """The list of all seals, oldest first, as a site publishes it: `sha256sum -c` reads it."""
    seals = tuple(ordered)
    lines = [LIST_FORMAT, _LIST_NOTE, *(f"newest {digest}" for digest in find_heads(seals))]
    lines += [
        " ".join(("withheld", seal.digest, write_time(seal.time), *seal.parents))
        for seal in seals
        if seal.withheld
    ]
    lines += ["", *(f"{one.digest}  {FOLDER}/{one.name}" for one in seals if not one.withheld)]
    return "\n".join([*lines, ""]).encode()


class SealList(Struct, frozen=True):
    """A published list of seals: the digests of the newest; {path: digest} of those that are published
    too; and those that are withheld."""

    newest: tuple[str, ...] = ()
    paths: Mapping[str, str] = {}
    withheld: tuple[Seal, ...] = ()


def read_list(data: bytes) -> SealList:
    """A list as `write_list` writes it; else SealError."""
    match = _LIST.fullmatch(data.decode(errors="replace"))
    if match is None:
        raise SealError("it is not as archiver writes it")
    withheld = []
    for line in match[2].splitlines():
        _, digest, time, *parents = line.split(" ")
        try:
            withheld.append(Seal(digest, read_time(time), tuple(parents), {}, True))
        except ValueError:
            raise SealError(f"`{time}` is no time") from None
    return SealList(
        tuple(line.removeprefix("newest ") for line in match[1].splitlines()),
        {line[66:]: line[:64] for line in match[3].split("\n")[:-1]},
        tuple(withheld),
    )


def withhold_seals(ordered: Iterable[Seal], secret: Collection[str]) -> tuple[Seal, ...]:
    """Seals of which those are withheld, and tell nothing, that name a permalink which may not be told
    any more; `secret` are what `urls.digest_permalink` makes of these."""
    if not secret:
        return tuple(ordered)
    return tuple(
        Seal(seal.digest, seal.time, seal.parents, {}, True)
        if any(digest_permalink(path) in secret for path in seal.permalinks)
        else seal
        for seal in ordered
    )


def order_seals(seals: Iterable[Seal]) -> tuple[Seal, ...]:
    """Seals in an order in which each follows its parents; else by time, then by digest."""
    known = {seal.digest: seal for seal in seals}
    waiting = {
        digest: sum(parent in known for parent in seal.parents) for digest, seal in known.items()
    }
    children: defaultdict[str, list[Seal]] = defaultdict(list)
    for seal in known.values():
        for parent in seal.parents:
            children[parent].append(seal)
    ready = [(seal.time, seal.digest) for seal in known.values() if not waiting[seal.digest]]
    heapq.heapify(ready)
    ordered = []
    while ready:
        _, digest = heapq.heappop(ready)
        ordered.append(known[digest])
        for child in children[digest]:
            waiting[child.digest] -= 1
            if not waiting[child.digest]:
                heapq.heappush(ready, (child.time, child.digest))
    return tuple(ordered)


def find_heads(seals: Iterable[Seal]) -> tuple[str, ...]:
    """The digests of the seals that no other names as a parent: one, or one for each branch."""
    known = {seal.digest: seal for seal in seals}
    named = {parent for seal in known.values() for parent in seal.parents}
    return tuple(sorted(known.keys() - named))


def choose_heads(ordered: Iterable[Seal]) -> tuple[Seal, ...]:
    """The seals that no other names as a parent, in their order."""
    seals = tuple(ordered)
    heads = find_heads(seals)
    return tuple(seal for seal in seals if seal.digest in heads)


def trace_permalinks(ordered: Iterable[Seal]) -> dict[str, list[tuple[str, str]]]:
    """The History of every permalink that was ever sealed, of seals as `order_seals` orders them."""
    histories: dict[str, list[tuple[str, str]]] = {}
    for seal in ordered:
        time = write_time(seal.time)
        for path, digest in seal.permalinks.items():
            if path in histories:
                histories[path].append((time, digest))
            else:
                histories[path] = [(time, digest)]
    return histories


def choose_new(published: Mapping[str, str], histories: Mapping[str, History]) -> dict[str, str]:
    """Of {permalink: digest} what a new seal has to tell: what is not there yet, or is another now."""
    return {
        path: digest
        for path, digest in published.items()
        if path not in histories or histories[path][-1][1] != digest
    }


def make_seal(
    ordered: Sequence[Seal], published: Mapping[str, str], time: datetime
) -> bytes | None:
    """The seal that follows all that there are, of {permalink: digest of its source}; None where it would
    tell nothing new. SealError where one of them is of a later time."""
    new = choose_new(published, trace_permalinks(ordered))
    if not new:
        return None
    latest = max((seal.time for seal in ordered), default=time)
    if latest > time:
        raise SealError(f"it is {write_time(time)}, but the newest seal is of {write_time(latest)}")
    return write_seal(time, find_heads(ordered), new)


def find_edit(digest: str, history: History) -> str:
    """When a post was last sealed with another source than it has now; empty if it never was."""
    return max((time for time, sealed in history if sealed != digest), default="")


def _find_fault(text: str) -> SealError:
    """The first line that is not as it should be."""
    if "\r" in text:
        return SealError(
            "its line ends are not those it was written with",
            text.count("\n", 0, text.index("\r")) + 1,
        )
    lines = text.split("\n")
    for number, shape in enumerate(_SHAPES, 1):
        if number > len(lines) or not shape.fullmatch(lines[number - 1]):
            return SealError(f"it does not begin with the {len(_SHAPES)} lines of a seal", number)
    part, last = _PARENT, ""
    for number, line in enumerate(lines[len(_SHAPES) : -1], len(_SHAPES) + 1):
        if part is _PARENT and not line:
            part, last = _PERMALINK, ""
            continue
        match = part.fullmatch(line)
        if match is None or match[1] <= last:
            return SealError("the line is not as a seal has it, or out of order", number)
        last = match[1]
    return SealError("it is cut off", len(lines))
