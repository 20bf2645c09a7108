"""What templates and other renderers may read: plain frozen values, one for each kind of page."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from archiver.comparison import Span
from archiver.model import Body


class StampView(Struct, frozen=True):
    """A date as shown: `iso` for machines, the clock and its zone where the time is known, all in full."""

    iso: str
    clock: str
    zone: str
    full: str


class BylineView(Struct, frozen=True, cache_hash=True):
    """Who reported, with the page of all they reported."""

    name: str
    role: str
    place: str
    href: str


class Anchor(Struct, frozen=True, cache_hash=True):
    """A link with its words; `current` marks the page that it stands on."""

    href: str
    label: str
    current: bool = False


class CorrectionView(Struct, frozen=True):
    """A correction as shown."""

    date: StampView
    note: str


class WithdrawalView(Struct, frozen=True):
    """A tombstone as shown."""

    date: StampView
    by: str
    reason: str


class PostView(Struct, frozen=True):
    """A post as any page of its coverage shows it. Links are seen from the coverage's folder.

    `machine_updated` is when it was last changed, or published, to the second; `machine_changed` only as
    it is known, and empty where it never was. `foreign` says that its language is not the coverage's;
    `draft` is the word that marks a draft, empty on everything that is published; `edited` says when it
    was sealed, if it is another now.
    """

    slug: str
    href: str
    path: str
    headline: str
    title: str
    date: StampView
    machine_date: str
    machine_updated: str
    machine_changed: str
    updated: StampView | None
    byline: tuple[BylineView, ...]
    key: bool
    pinned: bool
    breaking: bool
    summary: bool
    tags: tuple[Anchor, ...]
    language: str
    direction: str
    foreign: bool
    body: Body
    corrections: tuple[CorrectionView, ...]
    withdrawn: WithdrawalView | None
    origin_url: str
    draft: str = ""
    edited: StampView | None = None

    @property
    def labelled(self) -> bool:
        """Whether anything marks it out among other posts."""
        return self.key or self.breaking or self.pinned or self.summary or bool(self.draft)

    @property
    def pictured(self) -> bool:
        """Whether it shows a picture."""
        return bool(self.body.slots) and any(self.body.pictures)

    @property
    def plain(self) -> bool:
        """Whether there is nothing to show but its body."""
        return not (self.corrections or self.withdrawn or self.edited)


class Surround(Struct, frozen=True, cache_hash=True):
    """What is the same round all pages of a folder, so that it is rendered once for all of them.

    `root` leads from the page to the top of the site, `feeds` to the folder of the nearest feeds, `search` to
    the page of the search, where there is one, `provenance` to where the coverage came from; `zone` is the
    coverage's (IANA), `publisher` and `rights` are its own, on one line.
    """

    root: str
    language: str
    direction: str
    site_title: str
    section: str
    feeds: str
    zone: str = ""
    coverage: Anchor | None = None
    notice: Body | None = None
    provenance: str = ""
    publisher: str = ""
    rights: str = ""
    search: str = ""


class SharedImage(Struct, frozen=True):
    """A picture that stands for a page elsewhere."""

    url: str
    width: int
    height: int
    alt: str


class Sharing(Struct, frozen=True):
    """What a link to a page shows elsewhere; `kind` is a type of Open Graph."""

    title: str
    kind: str
    published: str = ""
    modified: str = ""
    image: SharedImage | None = None


class Frame(Struct, frozen=True):
    """What stands round a page: what it shares with others, and its own title and address."""

    path: str
    surround: Surround
    title: str
    description: str
    canonical: str
    linked_data: str
    sharing: Sharing | None = None

    @property
    def language(self) -> str:
        return self.surround.language


class Headline(Struct, frozen=True):
    """A post in a list; its language is given where it is not the page's."""

    href: str
    headline: str
    date: StampView
    key: bool = False
    language: str = ""
    direction: str = ""
    draft: str = ""


class HeadlineDay(Struct, frozen=True):
    """Headlines of one day."""

    title: str
    headlines: tuple[Headline, ...]


class Section(Struct, frozen=True):
    """The posts of a day on a timeline page."""

    id: str
    title: str
    posts: tuple[PostView, ...]


def is_pictured(sections: tuple[Section, ...]) -> bool:
    """Whether any post of some days shows a picture."""
    return any(post.pictured for section in sections for post in section.posts)


class HourView(Struct, frozen=True):
    """An hour in the index of a timeline: a link, how many posts, since `at`, and some headlines."""

    label: str
    at: str
    href: str
    count: int
    headlines: tuple[Headline, ...] = ()


class DayView(Struct, frozen=True):
    """A day in the index of a timeline, with posts since `at`."""

    title: str
    at: str
    href: str
    count: int
    hours: tuple[HourView, ...]


class CoverageView(Struct, frozen=True):
    """A coverage's own words and facts, as its index shows them."""

    title: str
    description: str
    language: str
    direction: str
    dates: str
    status: str
    count: int
    zone: str
    introduction: Body
    key_points: tuple[Body, ...]
    contributors: tuple[BylineView, ...]
    publisher: str
    source_url: str
    licence: str
    holder: str
    missing: tuple[str, ...]
    untimed: int
    gaps: int


class EarlierView(Struct, frozen=True):
    """What a post said until another text was found in its place, by paragraphs, as it was read."""

    until: str
    title: str
    lines: tuple[str, ...]


# The earlier texts of the posts on a page, by their slugs.
Earlier = Mapping[str, tuple[EarlierView, ...]]


class VersionView(Struct, frozen=True):
    """A capture that a link may name: its address in a web archive, where it has one, and its date."""

    url: str
    date: str


class BarView(Struct, frozen=True):
    """An interval in a plot: its place from the left, its height of 100, when its first post came, and
    where that is."""

    x: int
    height: int
    at: str
    href: str
    label: str
    key: bool


class PlotView(Struct, frozen=True):
    """Posts over time: `width` intervals, of which those that hold posts have a bar."""

    width: int
    bars: tuple[BarView, ...]
    first: str
    last: str
    label: str

    @property
    def has_keys(self) -> bool:
        """Whether any bar stands for a key event."""
        return any(bar.key for bar in self.bars)


class TimelineView(Struct, frozen=True):
    """A coverage's index: with its posts where they fit a page, else with days and headlines."""

    frame: Frame
    coverage: CoverageView
    key_events: tuple[HeadlineDay, ...]
    more_key_events: int
    pinned: tuple[Headline, ...]
    plot: PlotView | None
    days: tuple[DayView, ...]
    sections: tuple[Section, ...]
    newest: Anchor
    data: tuple[Anchor, ...]
    earlier: Earlier
    first: str = ""
    version: VersionView | None = None

    @property
    def pictured(self) -> bool:
        """Whether it shows a picture."""
        return any(self.coverage.introduction.pictures) or is_pictured(self.sections)


class PartView(Struct, frozen=True):
    """A page of posts in full: a day, an hour, a part of these, or the newest."""

    frame: Frame
    title: str
    zone: str
    sections: tuple[Section, ...]
    index: Anchor
    previous: Anchor | None
    next: Anchor | None
    hours: tuple[HourView, ...] = ()
    newest_first: bool = False
    count: int = 0
    earlier: Earlier = {}

    @property
    def pictured(self) -> bool:
        """Whether it shows a picture."""
        return is_pictured(self.sections)


class TimesView(Struct, frozen=True):
    """What happened to a post, and when: once, or from one time to another."""

    label: str
    first: StampView
    last: StampView | None = None


class RevisionView(Struct, frozen=True):
    """An earlier text of a post with what became of it: `label` says which, `iso` when another was found
    in its place.

    `lines` are those of both texts together. There are none where no word changed, or where the texts
    could not be compared: then `before` and `after` are their lines.
    """

    label: str
    iso: str
    lines: tuple[tuple[Span, ...], ...]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class EntryView(Struct, frozen=True):
    """A post by itself; `history` is empty where there is nothing but its date."""

    frame: Frame
    post: PostView
    place: Anchor
    previous: Headline | None
    next: Headline | None
    citation: str
    address: str
    history: tuple[TimesView, ...] = ()
    revisions: tuple[RevisionView, ...] = ()
    version: VersionView | None = None


class AliasView(Struct, frozen=True):
    """An older permalink that leads to the present one."""

    frame: Frame
    target: Anchor


class CardView(Struct, frozen=True):
    """A coverage on the site's index."""

    href: str
    title: str
    description: str
    dates: str
    count: int
    status: str
    publisher: str
    language: str
    direction: str
    gaps: int
    density: tuple[int, ...]


class SealView(Struct, frozen=True):
    """The newest seal of an archive: its digest, its time, and the link to the list of all seals."""

    digest: str
    date: StampView
    href: str


class IndexView(Struct, frozen=True):
    """The site's index."""

    frame: Frame
    introduction: Body
    cards: tuple[CardView, ...]
    pages: tuple[Anchor, ...]
    total_posts: int
    total_coverages: int
    seals: tuple[SealView, ...] = ()


class NameView(Struct, frozen=True):
    """A contributor or a tag in a list."""

    href: str
    label: str
    count: int


class NamesView(Struct, frozen=True):
    """The list of all contributors, or of all tags."""

    frame: Frame
    names: tuple[NameView, ...]
    pages: tuple[Anchor, ...]


class Group(Struct, frozen=True):
    """The posts of one coverage in a list."""

    title: str
    href: str
    language: str
    direction: str
    posts: tuple[Headline, ...]


class ListView(Struct, frozen=True):
    """All posts by one contributor, or with one tag."""

    frame: Frame
    label: str
    count: int
    groups: tuple[Group, ...]
    pages: tuple[Anchor, ...]


class SearchView(Struct, frozen=True):
    """The page of the search: the volumes of the index, newest first, or none where there is no index."""

    frame: Frame
    volumes: tuple[str, ...]
    zone: str


class LostView(Struct, frozen=True):
    """The page that a server shows where there is none."""

    frame: Frame
    home: str


class CaptureView(Struct, frozen=True):
    """A capture as shown; `version` is its address in a web archive, where it is known."""

    date: StampView | None
    url: str
    version: str
    format: str
    tool: str
    file: str
    sha256: str


class TraceView(Struct, frozen=True):
    """An embed or a medium in a list: the post that it stood in, its address, and the file kept of it."""

    post: Headline
    kind: str
    address: str
    file: str
    was_kept: bool


class TraceDay(Struct, frozen=True):
    """What stood in the posts of a day; those of no post stand under no day."""

    title: str
    traces: tuple[TraceView, ...]


class TraceGroup(Struct, frozen=True):
    """What came from one platform, or is of one kind: how many were kept and were not, and of these the
    first, by day; `more` are only counted."""

    name: str
    kind: str
    kept: int
    lost: int
    days: tuple[TraceDay, ...]
    more: int


class DoubtView(Struct, frozen=True):
    """A post of which something is in doubt."""

    post: Headline
    text: str


class GapsBar(Struct, frozen=True):
    """Posts of some time: where the bar stands, in thousandths of the width and hundredths of the height;
    `spread` says that only their day is known."""

    x: float
    width: float
    height: float
    label: str
    count: int
    spread: bool = False


class BandView(Struct, frozen=True):
    """A stretch of time without a post, or the moment of a capture (of no width)."""

    x: float
    width: float
    label: str


class GapsView(Struct, frozen=True):
    """Posts over time, and where there are none. `axis` are the labels of its beginning and end;
    `outside` counts the captures before or after it."""

    step: str
    bars: tuple[GapsBar, ...]
    stretches: tuple[BandView, ...]
    captures: tuple[BandView, ...]
    outside: int
    axis: tuple[str, ...]


class ProvenanceView(Struct, frozen=True):
    """Where a coverage came from, what was kept, and what was not."""

    frame: Frame
    title: str
    zone: str
    count: int
    publisher: str
    address: str
    captures: tuple[CaptureView, ...]
    missing: tuple[str, ...]
    embeds: tuple[TraceGroup, ...]
    media: tuple[TraceGroup, ...]
    untimed: tuple[HeadlineDay, ...]
    untimed_count: int
    untimed_more: int
    doubts: tuple[DoubtView, ...]
    licence: str
    holder: str
    plot: GapsView | None


class FeedPost(Struct, frozen=True):
    """A post in a feed; `base` leads from the feed to the folder that the body's links are seen from."""

    post: PostView
    id: str
    url: str
    base: str


class FeedView(Struct, frozen=True):
    """A feed, newest first."""

    path: str
    id: str
    title: str
    description: str
    language: str
    home: str
    self_url: str
    updated: str
    author: str
    rights: str
    posts: tuple[FeedPost, ...]


class SitemapView(Struct, frozen=True):
    """Addresses, each with the date of its last change, empty where it is not known; of pages, or of
    other sitemaps."""

    addresses: tuple[tuple[str, str], ...]


class RobotsView(Struct, frozen=True):
    """What robots may read: all of it; and where the sitemap is."""

    sitemap: str


class FileView(Struct, frozen=True):
    """A file that is copied, as it is or cleaned; `original` is its path below the archive's root."""

    original: str
