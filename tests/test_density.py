"""The plot of posts over time: every post counted once, in its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model import Entry, Stamp
from archiver.pages.density import FEWEST_POSTS, MOST_BARS, count_density
from archiver.times import find_zone
from book import Book

MakeBook = Callable[[str], Book]

LONDON = find_zone("Europe/London")


def _post(name: str, stamp: Stamp, key: bool = False) -> Entry:
    return Entry(f"content/storm/{name}.md", "storm", name, stamp, key=key)


def _at(moment: datetime) -> Stamp:
    local = moment.replace(tzinfo=find_zone("UTC")).astimezone(LONDON)
    return Stamp(local.date(), local)


def _every(step: timedelta, count: int) -> list[Entry]:
    start = datetime(2017, 3, 22, 14, 0)
    return [_post(f"post-{n:05}", _at(start + n * step)) for n in range(count)]


@pytest.mark.parametrize(
    ("step", "count", "found"),
    [
        (timedelta(minutes=1), 10, timedelta(minutes=1)),
        (timedelta(minutes=1), 97, timedelta(minutes=2)),
        (timedelta(minutes=10), 200, timedelta(minutes=30)),
        (timedelta(hours=1), 200, timedelta(hours=3)),
        (timedelta(days=1), 60, timedelta(days=1)),
        (timedelta(days=30), 400, timedelta(days=182)),
        (timedelta(days=365), 1000, timedelta(days=3839)),
    ],
)
def test_intervals_are_the_shortest_that_fit(step: timedelta, count: int, found: timedelta) -> None:
    density = count_density(_every(step, count), MOST_BARS)
    assert density is not None
    assert density.step == found
    assert density.width <= MOST_BARS


@given(
    st.lists(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), min_size=FEWEST_POSTS),
    st.integers(2, MOST_BARS),
)
def test_every_timed_post_is_counted_once(moments: list[datetime], most: int) -> None:
    entries = [_post(f"post-{n}", _at(moment)) for n, moment in enumerate(sorted(moments))]
    density = count_density(entries, most)
    if density is not None:
        assert sum(density.counts) == len(entries)
        assert len(density.counts) == density.width <= most
        assert min(density.counts[0], density.counts[-1]) > 0


def test_posts_without_a_time_are_counted_by_the_day_where_they_are_most() -> None:
    days = [date(2017, 3, 22 + n // 3) for n in range(9)]
    entries = [_post(f"post-{n}", Stamp(day)) for n, day in enumerate(days)]
    density = count_density([*entries, *_every(timedelta(minutes=1), 3)], MOST_BARS)
    assert density is not None
    assert (density.step, density.counts) == (timedelta(days=1), (6, 3, 3))


def test_a_post_without_a_time_has_no_place_among_hours() -> None:
    entries = [*_every(timedelta(hours=1), 6), _post("untimed", Stamp(date(2017, 3, 22)))]
    density = count_density(entries, MOST_BARS)
    assert density is not None
    assert sum(density.counts) == 6


@pytest.mark.parametrize(
    "entries",
    [[], _every(timedelta(hours=1), FEWEST_POSTS - 1), _every(timedelta(), 50)],
    ids=["none", "a handful", "all at once"],
)
def test_what_shows_nothing_is_no_plot(entries: list[Entry]) -> None:
    assert count_density(entries, MOST_BARS) is None


def test_the_clock_of_a_plot_does_not_jump_with_the_season() -> None:
    start = datetime(2017, 3, 25, 23, 0)
    hours = [_post(f"post-{n}", _at(start + timedelta(hours=n))) for n in range(6)]
    density = count_density(hours, 6)
    assert density is not None
    assert density.counts == (1, 1, 1, 1, 1, 1)


def _write_posts(times: list[str], key: str = "") -> str:
    return "".join(
        f"=== p{n}.md\n---\ndate: 2017-03-{time}Z\nkey: {str(time == key).lower()}\n---\nWords.\n"
        for n, time in enumerate(times)
    )


def test_each_bar_leads_to_the_first_post_of_its_interval(book: MakeBook) -> None:
    times = [f"24T14:{minute:02}" for minute in (0, 1, 2, 40, 41, 59)]
    bars = book(_write_posts(times, times[1])).build().page("event/index.html").css(".density a")
    found = [(bar.attributes["href"], bar.attributes.get("class")) for bar in bars]
    assert found == [
        ("#p0", None),
        ("#p1", "key"),
        ("#p2", None),
        ("#p3", None),
        ("#p4", None),
        ("#p5", None),
    ]


def test_the_bars_of_a_long_coverage_lead_to_its_pages(book: MakeBook) -> None:
    times = [f"{day}T0{hour}:00" for day in (24, 25) for hour in range(3)]
    site = "=== content/site.md\n---\ntitle: Site\ntimeline_page_size: 3\n---\n"
    built = book(site + _write_posts(times)).build()
    bars = built.page("event/index.html").css(".density a")
    assert bars[-1].attributes["href"] == "2017-03-25.html#p5"


def test_a_card_shows_the_shape_of_its_coverage(book: MakeBook) -> None:
    built = book(_write_posts([f"24T14:0{minute}" for minute in range(5)])).build()
    path = built.page("index.html").css_first(".card svg path")
    assert path is not None
    assert path.attributes["d"] == "".join(f"M{4 * n} 24v-24h3v24z" for n in range(5))
