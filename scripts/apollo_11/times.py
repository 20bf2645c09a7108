"""Writes the date and order of each Apollo 11 post, computed from the mission's elapsed times."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "content" / "apollo-11"

# Range zero, from which NASA counts ground elapsed time, and the clocks in Houston that summer.
LAUNCH = datetime(1969, 7, 16, 13, 32, tzinfo=UTC)
HOUSTON = timezone(timedelta(hours=-5), "CDT")

# Every post in running order with its ground elapsed time (hhh:mm:ss), or None where a day is all
# that is known. Maneuvers and stages of the moonwalk are from NASA's timeline of the mission
# (Apollo by the Numbers, SP-4029); things said are from its technical air-to-ground transcript.
# One is not: "The Eagle has landed" keeps the time in common use.
POSTS: dict[str, str | None] = {
    "1969-07-20-0604-good-morning.md": "093:32:39",
    "1969-07-20-0750-morning-news.md": "095:18:15",
    "1969-07-20-0752-into-eagle.md": "095:20:00",
    "1969-07-20-1200-no-television.md": "099:28:12",
    "1969-07-20-1244-undocked.md": "100:12:00",
    "1969-07-20-1250-eagle-has-wings.md": "100:18:04",
    "1969-07-20-1311-drawing-apart.md": "100:39:52.9",
    "1969-07-20-1408-burn-behind-the-moon.md": "101:36:14",
    "1969-07-20-1451-swimmingly.md": "102:19:19",
    "1969-07-20-1500-go-by-way-of-columbia.md": "102:28:51",
    "1969-07-20-1505-descent-begins.md": "102:33:05.01",
    "1969-07-20-1510-program-alarm.md": "102:38:30",
    "1969-07-20-1510-go-on-that-alarm.md": "102:38:53",
    "1969-07-20-1513-pitching-over.md": "102:41:32",
    "1969-07-20-1514-go-for-landing.md": "102:42:25",
    "1969-07-20-1515-armstrong-takes-over.md": "102:43:22",
    "1969-07-20-1517-sixty-seconds.md": "102:45:02",
    "1969-07-20-1517-kicking-up-dust.md": "102:45:31",
    "1969-07-20-1517-contact-light.md": "102:45:39.9",
    "1969-07-20-1517-the-eagle-has-landed.md": "102:45:58",
    "1969-07-20-1518-about-to-turn-blue.md": "102:46:06",
    "1969-07-20-1527-the-long-final-phase.md": "102:55:16",
    "1969-07-20-1534-nobody-knows-where.md": "103:02:03",
    "1969-07-20-1535-view-from-the-window.md": "103:03:55",
    "1969-07-20-1554-earth-overhead.md": "103:22:30",
    "1969-07-20-1652-four-miles-long.md": "104:20:42",
    "1969-07-20-1712-out-before-sleep.md": "104:40:00",
    "1969-07-20-1757-a-request.md": "105:25:38",
    "1969-07-20-1843-getting-ready.md": "106:11:14",
    "1969-07-20-2054-go-for-depressurization.md": "108:22:06",
    "1969-07-20-2119-no-joy.md": "108:47:26",
    "1969-07-20-2139-hatch-open.md": "109:07:33",
    "1969-07-20-2154-upside-down.md": "109:22:11",
    "1969-07-20-2155-foot-of-the-ladder.md": "109:23:38",
    "1969-07-20-2156-first-step.md": "109:24:15",
    "1969-07-20-2206-stark-beauty.md": "109:34:56",
    "1969-07-20-2215-two-men-on-the-moon.md": "109:43:16",
    "1969-07-20-2215-magnificent-desolation.md": "109:43:24",
    "1969-07-20-2224-the-plaque.md": "109:52:40",
    "1969-07-20-2235-camera-and-foil.md": "110:03:20",
    "1969-07-20-2241-the-flag.md": "110:09:43",
    "1969-07-20-2246-kangaroo-hop.md": "110:14:38",
    "1969-07-20-2248-call-from-the-white-house.md": "110:16:30",
    "1969-07-20-2328-two-instruments.md": "110:56:30",
    "1969-07-20-2335-reflector-in-place.md": "111:03:57",
    "1969-07-20-2344-signals-from-the-seismometer.md": "111:12:32",
    "1969-07-20-2347-core-tubes.md": "111:15:35",
    "1969-07-21-0001-aldrin-back-inside.md": "111:29:39",
    "1969-07-21-0011-hatch-closed.md": "111:39:13",
    "1969-07-21-0038-hallelujah.md": "112:06:36",
    "1969-07-21-0106-a-laser-echo.md": "112:34:29",
    "1969-07-21-0250-packs-thrown-out.md": "114:18:31",
    "1969-07-21-0324-a-final-good-night.md": "114:52:51",
    "1969-07-21-what-stays-on-the-moon.md": None,
    "1969-07-21-1013-a-hammock.md": "121:41:14",
    "1969-07-21-luna-15.md": None,
    "1969-07-21-1227-west-crater.md": "123:55:36",
    "1969-07-21-1237-number-one-on-the-runway.md": "124:05:00",
    "1969-07-21-1254-lift-off.md": "124:22:00.8",
    "1969-07-21-1304-back-in-orbit.md": "124:32:55",
    "1969-07-21-1431-first-burn.md": "125:59:24",
    "1969-07-21-1452-great-not-to-see-you.md": "126:20:37",
    "1969-07-21-1535-we-re-burning.md": "127:03:51.8",
    "1969-07-21-1635-docked.md": "128:03:00",
    "1969-07-21-1636-a-funny-one.md": "128:04:29",
    "1969-07-21-1823-all-three-in-columbia.md": "129:51:02",
    "1969-07-21-the-recovery-ship.md": None,
    "1969-07-21-1843-eagle-let-go.md": "130:11:05",
    "1969-07-21-1921-fit-to-print.md": "130:49:55",
    "1969-07-21-2049-the-world-writes.md": "132:17:21",
    "1969-07-21-2328-where-things-stand.md": "134:56:35",
    "1969-07-21-2355-toward-home.md": "135:23:42.28",
}

# Posts that were added to later, and when.
UPDATES: dict[str, str] = {
    "1969-07-20-1652-four-miles-long.md": "123:55:36",
    "1969-07-20-2328-two-instruments.md": "111:12:32",
}

_FENCE = "---\n"
_KEPT_FIRST = ("date", "order", "updated")
_NAME = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:-(?P<clock>\d{4}))?-[a-z0-9]+(?:-[a-z0-9]+)*\.md")


class PostError(ValueError):
    """A post and the table disagree."""


def parse_elapsed(text: str) -> Decimal:
    """A ground elapsed time in seconds."""
    hours, minutes, seconds = text.split(":")
    return Decimal(hours) * 3600 + Decimal(minutes) * 60 + Decimal(seconds)


def find_moment(elapsed: str) -> datetime:
    """The moment of a ground elapsed time, to the nearest second."""
    seconds = parse_elapsed(elapsed).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return LAUNCH + timedelta(seconds=int(seconds))


def write_moment(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def check_name(name: str, elapsed: str | None) -> str:
    """The local day of a post; PostError where its file's name says another day or time."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise PostError(f"{name}: not named <day>-<hhmm>-<words>.md")
    day: str = match["day"]
    if elapsed is None:
        if match["clock"] is not None:
            raise PostError(f"{name}: a time in the name, and none in the table")
        return day
    local = find_moment(elapsed).astimezone(HOUSTON).strftime("%Y-%m-%d %H%M")
    if f"{day} {match['clock']}" != local:
        raise PostError(f"{name}: {elapsed} is {local} in Houston")
    return day


def list_fields() -> dict[str, dict[str, str]]:
    """The fields that this script owns, for each post."""
    days = {name: check_name(name, elapsed) for name, elapsed in POSTS.items()}
    ordered_days = {days[name] for name, elapsed in POSTS.items() if elapsed is None}
    counts = dict.fromkeys(ordered_days, 0)
    fields: dict[str, dict[str, str]] = {}
    for name, elapsed in POSTS.items():
        day = days[name]
        own = {"date": day if elapsed is None else write_moment(find_moment(elapsed))}
        if day in counts:
            counts[day] += 1
            own["order"] = str(counts[day])
        if name in UPDATES:
            own["updated"] = write_moment(find_moment(UPDATES[name]))
        fields[name] = own
    check_order()
    return fields


def check_order() -> None:
    """PostError where the table does not run forward in time, or updates what it does not list."""
    latest = LAUNCH
    for name, elapsed in POSTS.items():
        if elapsed is None:
            continue
        moment = find_moment(elapsed)
        if moment < latest:
            raise PostError(f"{name}: {elapsed} is earlier than the post before it")
        latest = moment
    for name, elapsed in UPDATES.items():
        published = POSTS.get(name)
        if published is None or parse_elapsed(elapsed) <= parse_elapsed(published):
            raise PostError(f"{name}: updated before it was published, or not in the table")


def check_files() -> None:
    """PostError where the folder holds a post that the table lacks, or lacks one that it has."""
    found = {path.name for path in FOLDER.glob("*.md")} - {"coverage.md"}
    for name in sorted(found ^ set(POSTS)):
        where = "the folder" if name in found else "the table"
        raise PostError(f"{name}: only in {where}")


def set_fields(text: str, own: dict[str, str]) -> str:
    """A post's text with the fields that this script owns at the top of its front matter."""
    if not text.startswith(_FENCE):
        raise PostError("no front matter")
    matter, fence, body = text[len(_FENCE) :].partition("\n" + _FENCE)
    if not fence:
        raise PostError("the front matter is not closed")
    kept = [line for line in matter.split("\n") if line.split(":")[0] not in _KEPT_FIRST]
    lines = [f"{field}: {own[field]}" for field in _KEPT_FIRST if field in own]
    return _FENCE + "\n".join(lines + kept) + fence + body


def main() -> int:
    """Write every post that differs, or with --check only name it; 1 where one did or is wrong."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a file differs")
    only_check: bool = parser.parse_args().check
    differing: list[str] = []
    try:
        check_files()
        for name, own in list_fields().items():
            path = FOLDER / name
            text = path.read_text(encoding="utf-8")
            wanted = set_fields(text, own)
            if wanted == text:
                continue
            differing.append(name)
            if not only_check:
                path.write_text(wanted, encoding="utf-8", newline="\n")
    except (PostError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for name in differing:
        print(f"{'differs' if only_check else 'written'}: {name}")
    return 1 if only_check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
