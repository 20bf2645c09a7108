"""Draws the pictures of the Apollo 11 coverage: the same bytes on every run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from itertools import pairwise
from math import cos, pi, radians, sin
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).resolve().parents[2] / "content" / "apollo-11" / "media"

Color = tuple[int, int, int]
Point = tuple[float, float]

WIDTH = 1600
MARGIN = 64
SCALE = 2  # drawn twice as large, then reduced

PAPER: Color = (251, 250, 247)
INK: Color = (28, 32, 38)
GRAY: Color = (98, 103, 112)
RULE: Color = (216, 212, 204)
SHADE: Color = (236, 233, 226)
STONE: Color = (190, 186, 178)
ACCENT: Color = (181, 67, 42)
BLUSH: Color = (240, 214, 204)

HEADLINE = 44
STANDFIRST = 28
LABEL = 25
SMALL = 23


class Sheet:
    """A picture in the making, in points of the finished size."""

    def __init__(self, height: int) -> None:
        """An empty sheet of that height."""
        self.height = height
        self.image = Image.new("RGB", (WIDTH * SCALE, height * SCALE), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def draw_line(self, points: Sequence[Point], color: Color = INK, width: float = 2) -> None:
        """A line through the points, with round joints."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, color, round(width * SCALE), joint="curve")

    def draw_dashes(self, start: Point, end: Point, color: Color = GRAY, width: float = 2) -> None:
        """A straight dashed line."""
        length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
        step, dash, gone = 14.0, 8.0, 0.0
        while gone < length:
            near, far = gone / length, min(gone + dash, length) / length
            self.draw_line(
                [_mix_points(start, end, near), _mix_points(start, end, far)], color, width
            )
            gone += step

    def draw_box(self, box: tuple[float, float, float, float], fill: Color) -> None:
        """A filled rectangle: left, top, right, bottom."""
        left, top, right, bottom = (value * SCALE for value in box)
        self.pen.rectangle((left, top, right - 1, bottom - 1), fill)

    def draw_shape(self, points: Sequence[Point], fill: Color) -> None:
        """A filled polygon."""
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def draw_disk(self, center: Point, radius: float, fill: Color) -> None:
        """A filled circle."""
        x, y = center
        box = (
            (x - radius) * SCALE,
            (y - radius) * SCALE,
            (x + radius) * SCALE,
            (y + radius) * SCALE,
        )
        self.pen.ellipse(box, fill)

    def draw_ring(self, center: Point, radius: float, color: Color, width: float = 4) -> None:
        """A circle with paper inside."""
        self.draw_disk(center, radius, color)
        self.draw_disk(center, radius - width, PAPER)

    def draw_text(
        self,
        place: Point,
        text: str,
        color: Color = INK,
        size: int = LABEL,
        anchor: str = "ls",
        strong: bool = False,
    ) -> None:
        """A line of text; the anchor is Pillow's, `ls` for the left end of the base line."""
        x, y = place
        self.pen.text(
            (x * SCALE, y * SCALE),
            text,
            color,
            load_font(size * SCALE),
            anchor=anchor,
            stroke_width=1 if strong else 0,
            stroke_fill=color,
        )

    def draw_label(self, place: Point, text: str, color: Color, size: int, anchor: str) -> None:
        """A line of text that blots out what lies beneath it."""
        x, y = place
        spot = (x * SCALE, y * SCALE)
        left, top, right, bottom = self.pen.textbbox(spot, text, load_font(size * SCALE), anchor)
        self.pen.rectangle((left - 8, top - 6, right + 8, bottom + 6), PAPER)
        self.draw_text(place, text, color, size, anchor)

    def draw_lines(
        self,
        place: Point,
        lines: Sequence[str],
        color: Color = INK,
        size: int = LABEL,
        anchor: str = "ls",
        strong_first: bool = False,
    ) -> None:
        """Lines of text, one below the other."""
        x, y = place
        for index, line in enumerate(lines):
            strong = strong_first and index == 0
            self.draw_text((x, y + index * round(size * 1.3)), line, color, size, anchor, strong)

    def draw_frame(self, headline: str, standfirst: Sequence[str], source: Sequence[str]) -> None:
        """What all pictures share: a rule, a headline, a standfirst, and the source at the foot."""
        self.draw_box((MARGIN, 40, WIDTH - MARGIN, 42), INK)
        self.draw_box((MARGIN, 40, MARGIN + 84, 48), ACCENT)
        self.draw_text((MARGIN, 106), headline, INK, HEADLINE, strong=True)
        self.draw_lines((MARGIN, 152), standfirst, GRAY, STANDFIRST)
        foot = self.height - 36 - (len(source) - 1) * round(SMALL * 1.3)
        self.draw_box((MARGIN, foot - 40, WIDTH - MARGIN, foot - 39), RULE)
        self.draw_lines((MARGIN, foot), source, GRAY, SMALL)

    def write_bytes(self) -> bytes:
        """The finished picture as PNG with a palette."""
        size = (WIDTH, self.height)
        finished = self.image.resize(size, Image.Resampling.LANCZOS).quantize(
            palette=load_palette(), dither=Image.Dither.NONE
        )
        stream = BytesIO()
        finished.save(stream, "PNG", optimize=True)
        return stream.getvalue()


@cache
def load_font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own typeface, so that no picture depends on the fonts of a machine."""
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("this Pillow was built without FreeType")
    return font


@cache
def load_palette() -> Image.Image:
    """The colors, and the steps between those that meet, as a palette."""
    colors = [PAPER, INK, GRAY, RULE, SHADE, STONE, ACCENT, BLUSH]
    meeting = [(one, PAPER) for one in colors[1:]]
    meeting += [(INK, SHADE), (GRAY, SHADE), (ACCENT, SHADE), (STONE, SHADE)]
    meeting += [(INK, STONE), (ACCENT, STONE), (GRAY, STONE)]
    meeting += [(INK, BLUSH), (ACCENT, BLUSH), (INK, ACCENT), (GRAY, ACCENT)]
    for one, other in meeting:
        steps = max(2, max(abs(a - b) for a, b in zip(one, other, strict=True)) // 18)
        for step in range(1, steps):
            part = step / steps
            red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
            colors.append((red, green, blue))
    colors = list(dict.fromkeys(colors))[:256]
    flat = [channel for color in colors for channel in color]
    palette = Image.new("P", (1, 1))
    palette.putpalette(flat + list(PAPER) * (256 - len(colors)))
    return palette


def read_minutes(text: str) -> float:
    """An elapsed time, `hhh:mm:ss`, in minutes."""
    hours, minutes, seconds = (float(part) for part in text.split(":"))
    return hours * 60 + minutes + seconds / 60


def make_scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """A straight scale from values to points."""
    return lambda value: start + (value - low) / (high - low) * (end - start)


def find_height(line: Sequence[tuple[float, float]], minute: float) -> float:
    """The height on a line at a minute, straight between its points."""
    for (before, high), (after, low) in pairwise(line):
        if before <= minute <= after:
            return high + (low - high) * (minute - before) / (after - before)
    raise ValueError(f"{minute} is not on the line")


def smooth_line(line: Sequence[Point]) -> list[Point]:
    """A finer line through the same points, without humps between them (Fritsch and Carlson)."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(line)]
    tangents = [slopes[0]]
    for one, other in pairwise(slopes):
        tangents.append(2 * one * other / (one + other) if one * other > 0 else 0.0)
    tangents.append(slopes[-1])
    finer: list[Point] = []
    for index, (a, b) in enumerate(pairwise(line)):
        span = b[0] - a[0]
        for step in range(8):
            t = step / 8
            height = (
                (1 + 2 * t) * (1 - t) ** 2 * a[1]
                + t * (1 - t) ** 2 * span * tangents[index]
                + t * t * (3 - 2 * t) * b[1]
                + t * t * (t - 1) * span * tangents[index + 1]
            )
            finer.append((a[0] + t * span, height))
    return [*finer, line[-1]]


def _mix_points(one: Point, other: Point, part: float) -> Point:
    return (one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part)


# The computer's height of Eagle, read from NASA CR-101969, figure 4-15, to about 500 feet, as far
# as the first height that Aldrin called on the air.
COMPUTED = (
    ("102:33:05", 50000),
    ("102:34:00", 49800),
    ("102:34:40", 49200),
    ("102:35:20", 48000),
    ("102:36:00", 46300),
    ("102:36:40", 43800),
    ("102:37:20", 40400),
    ("102:38:00", 36500),
    ("102:38:20", 34000),
    ("102:38:40", 32000),
    ("102:38:49", 31000),
    ("102:38:58", 27800),
    ("102:39:40", 22300),
    ("102:40:20", 17400),
    ("102:40:40", 14700),
    ("102:41:00", 11500),
    ("102:41:25", 7800),
    ("102:41:32", 6900),
    ("102:42:00", 4200),
)

# Heights called by Aldrin, from the air-to-ground transcript.
CALLED = (
    ("102:42:17", 3000),
    ("102:42:31", 2000),
    ("102:43:01", 750),
    ("102:43:07", 700),
    ("102:43:11", 600),
    ("102:43:15", 540),
    ("102:43:26", 400),
    ("102:43:32", 350),
    ("102:43:46", 300),
    ("102:44:16", 220),
    ("102:44:24", 200),
    ("102:44:31", 160),
    ("102:44:40", 120),
    ("102:44:45", 100),
    ("102:44:54", 75),
    ("102:45:17", 40),
    ("102:45:21", 30),
)
CONTACT = ("102:45:40", 0)
LATE_ALARMS = (("1201", "102:42:18"), ("1202", "102:42:43"), ("1202", "102:42:58"))


def draw_descent() -> Sheet:
    """Eagle's height against time, from ignition to contact, with the program alarms."""
    sheet = Sheet(1180)
    sheet.draw_frame(
        "Twelve and a half minutes",
        ["Eagle's height above the Moon in the powered descent. Rings mark program alarms."],
        [
            "Line: the computer's height as NASA plotted it after the flight (CR-101969), read to "
            "about 500 feet, then Aldrin's calls.",
            "The step near 102:38:50 is the landing radar's correction. Times of events: Apollo by "
            "the Numbers, NASA SP-4029.",
        ],
    )
    calls = [(read_minutes(time), float(feet)) for time, feet in (*CALLED, CONTACT)]
    line = smooth_line([(read_minutes(time), float(feet)) for time, feet in COMPUTED] + calls)
    start = read_minutes("102:33:00")
    left, right, top, bottom = 176, WIDTH - MARGIN, 214, 920
    across = make_scale(start, read_minutes("102:46:00"), left, right)
    up = make_scale(0, 52000, bottom, top)

    for feet in range(0, 50001, 10000):
        y = up(feet)
        sheet.draw_box((left, y - 0.5, right, y + 1), RULE if feet else INK)
        sheet.draw_text((left - 16, y), f"{feet:,}", GRAY, SMALL, "rm")
    sheet.draw_text((left - 16, up(50000) - 26), "feet", GRAY, SMALL, "rs")
    for minute in range(14):
        x = across(start + minute)
        sheet.draw_box((x - 0.5, bottom, x + 1, bottom + 8), INK)
        if minute % 2 == 0:
            sheet.draw_text((x, bottom + 34), f"102:{33 + minute}", GRAY, SMALL, "ms")

    stages = (
        ("P63 braking", "102:33:05", "102:41:32", STONE),
        ("P64 approach", "102:41:32", "102:43:22", SHADE),
        ("P66 landing", "102:43:22", "102:45:40", BLUSH),
    )
    for name, since, until, fill in stages:
        begin, end = across(read_minutes(since)), across(read_minutes(until))
        sheet.draw_box((begin + 1, bottom + 58, end - 1, bottom + 104), fill)
        sheet.draw_text(((begin + end) / 2, bottom + 82), name, INK, LABEL, "mm")

    inset = (916.0, 190.0, float(right), 630.0)
    sheet.draw_box((inset[0] - 40, inset[1], inset[2], inset[3] + 40), PAPER)
    sheet.draw_line([(across(minute), up(feet)) for minute, feet in line], INK, 4)

    def find_spot(time: str) -> Point:
        minute = read_minutes(time)
        return across(minute), up(find_height(line, minute))

    for time, words, (dx, dy), anchor in (
        ("102:33:05", "Engine lights", (16, -20), "ls"),
        ("102:39:31", "Throttle down", (-22, 12), "rs"),
        ("102:41:32", "Eagle pitches over", (-22, 12), "rs"),
    ):
        x, y = find_spot(time)
        sheet.draw_disk((x, y), 8, INK)
        sheet.draw_text((x + dx, y + dy), f"{words}, {time}", INK, LABEL, anchor)
    for time, words in (("102:38:22", "1202 alarm"), ("102:39:02", "1202 again")):
        x, y = find_spot(time)
        sheet.draw_ring((x, y), 12, ACCENT)
        sheet.draw_text((x - 26, y + 12), f"{words}, {time}", ACCENT, LABEL, "rs", True)
    for _, time in LATE_ALARMS:
        sheet.draw_ring(find_spot(time), 9, ACCENT, 3)
    x, y = find_spot(CONTACT[0])
    sheet.draw_disk((x, y), 9, ACCENT)
    sheet.draw_text((x + 14, y - 26), "Contact, 102:45:40", ACCENT, LABEL, "rs", True)
    draw_last_minutes(sheet, line, calls, inset)
    return sheet


def draw_last_minutes(
    sheet: Sheet,
    line: Sequence[Point],
    calls: Sequence[Point],
    box: tuple[float, float, float, float],
) -> None:
    """The end of the descent, enlarged, inside the descent's picture."""
    left, top, right, bottom = box
    first, last = read_minutes("102:42:10"), read_minutes("102:45:46")
    across = make_scale(first, last, left + 70, right - 8)
    up = make_scale(0, 3300, bottom, top + 54)
    title = "The last three and a half minutes"
    sheet.draw_text((left - 4, top + 24), title, INK, LABEL, strong=True)
    for level in (0, 1000, 2000, 3000):
        y = up(level)
        sheet.draw_box((left + 70, y - 0.5, right, y + 1), RULE if level else INK)
        sheet.draw_text((left + 56, y), f"{level:,}", GRAY, SMALL, "rm")
    for time in ("102:43:00", "102:44:00", "102:45:00"):
        x = across(read_minutes(time))
        sheet.draw_box((x - 0.5, bottom, x + 1, bottom + 8), INK)
        sheet.draw_text((x, bottom + 32), time[:-3], GRAY, SMALL, "ms")
    shown = [(across(minute), up(feet)) for minute, feet in line if minute >= calls[0][0]]
    sheet.draw_line(shown, INK, 3)
    for minute, feet in calls[:-1]:
        sheet.draw_disk((across(minute), up(feet)), 5, INK)
    for lift, (code, time) in zip((6, 6, -8), LATE_ALARMS, strict=True):
        minute = read_minutes(time)
        x, y = across(minute), up(find_height(line, minute))
        sheet.draw_ring((x, y), 11, ACCENT)
        sheet.draw_label((x + 24, y + lift), f"{code} alarm, {time}", ACCENT, LABEL, "ls")
    for words, time, rise in (
        ("Armstrong takes over", "102:43:22", 14),
        ("Low-level light", "102:44:28", 16),
    ):
        minute = read_minutes(time)
        x, y = across(minute), up(find_height(line, minute))
        sheet.draw_disk((x, y), 9, INK)
        sheet.draw_text((x + 8, y - rise), words, INK, LABEL)
    sheet.draw_disk((across(calls[-1][0]), up(0)), 9, ACCENT)


# Name, center in degrees north and east, and half its height and width in degrees.
SEAS = (
    ("Storms", 18.0, -55.0, 33.0, 22.0),
    ("Rains", 33.0, -16.0, 18.5, 20.0),
    ("Serenity", 28.0, 18.0, 11.0, 12.0),
    ("Tranquility", 8.5, 31.4, 12.0, 14.0),
    ("Crises", 17.0, 59.0, 8.0, 10.0),
    ("Fertility", -6.0, 51.5, 13.0, 9.5),
    ("Nectar", -15.0, 35.0, 5.6, 5.6),
    ("Clouds", -20.0, -16.5, 11.5, 11.0),
    ("Moisture", -24.0, -39.0, 7.0, 7.0),
)
SITE = (0.67, 23.47)

# The target and the landing point as NASA's Mission Report gives them: minutes of arc above 0
# degrees north and 23 degrees east.
TARGET = (43.88, 38.85)
LANDING = (41.25, 26.0)
KILOMETERS_PER_MINUTE = 1737.4 * pi / 180 / 60


def place_on_disk(north: float, east: float, center: Point, radius: float) -> Point:
    """A place of the near side, seen from far off above 0 north, 0 east."""
    x = cos(radians(north)) * sin(radians(east))
    return (center[0] + x * radius, center[1] - sin(radians(north)) * radius)


def draw_site() -> Sheet:
    """The landing site on the near side, and how far it lay from the target."""
    sheet = Sheet(1180)
    sheet.draw_frame(
        "The southwestern edge of a dark sea",
        ["The near side of the Moon, north at the top: a sketch to show where, not a map."],
        [
            "The outlines of the seas are simplified. Target and landing point: NASA's Mission "
            "Report, November 1969.",
        ],
    )
    center, radius = (500.0, 640.0), 410.0
    sheet.draw_disk(center, radius + 2, GRAY)
    sheet.draw_disk(center, radius, SHADE)
    for name, north, east, high, wide in SEAS:
        fill = BLUSH if name == "Tranquility" else STONE
        sheet.draw_shape(outline_sea(north, east, high, wide, center, radius), fill)
    for words, north, east in (
        (("Ocean of", "Storms"), 16.0, -56.0),
        (("Sea of Rains",), 33.0, -17.0),
        (("Sea of", "Serenity"), 29.5, 18.0),
        (("Sea of", "Clouds"), -18.5, -16.5),
        (("Sea of Moisture",), -35.0, -36.0),
    ):
        x, y = place_on_disk(north, east, center, radius)
        for index, line in enumerate(words):
            sheet.draw_text((x, y + index * 28), line, INK, SMALL, "mm")
    for line, north, east, y in (
        ("Sea of Crises", 17.0, 59.0, 478),
        ("Sea of Fertility", -6.0, 52.5, 716),
        ("Sea of Nectar", -15.0, 35.0, 816),
    ):
        spot = place_on_disk(north, east, center, radius)
        sheet.draw_line([spot, (962, y - 8)], GRAY, 1.5)
        sheet.draw_disk(spot, 4, GRAY)
        sheet.draw_text((972, y), line, INK, SMALL)

    x, y = place_on_disk(8.5, 31.4, center, radius)
    sheet.draw_lines((x + 6, y - 34), ["Sea of", "Tranquility"], ACCENT, SMALL, "mm")
    x, y = place_on_disk(*SITE, center, radius)
    sheet.draw_line([(x, y), (x - 60, y)], ACCENT, 2)
    sheet.draw_disk((x, y), 14, PAPER)
    sheet.draw_disk((x, y), 10, ACCENT)
    sheet.draw_text((x - 70, y + 9), "Tranquility Base", ACCENT, LABEL, "rs", True)
    sheet.draw_text((x - 70, y + 40), "0.67° N, 23.47° E", ACCENT, SMALL, "rs")
    sheet.draw_text((center[0], center[1] - radius - 14), "N", GRAY, SMALL, "ms")
    draw_miss(sheet)
    return sheet


def outline_sea(
    north: float, east: float, high: float, wide: float, center: Point, radius: float
) -> list[Point]:
    """The outline of a sea, an oval on the globe, as it looks on the disk."""
    outline: list[Point] = []
    for degree in range(0, 360, 3):
        latitude = north + high * sin(radians(degree))
        longitude = east + wide * cos(radians(degree)) / cos(radians(latitude))
        outline.append(place_on_disk(latitude, max(-86.0, longitude), center, radius))
    return outline


def draw_miss(sheet: Sheet) -> None:
    """The target and the landing point side by side, beside the disk."""
    left, right, top, bottom = 1176.0, float(WIDTH - MARGIN), 428.0, 688.0
    unit = 21.0

    def place(north: float, east: float) -> Point:
        return left + 46 + (east - LANDING[1]) * unit, top + 96 + (TARGET[0] - north) * unit

    sheet.draw_text((left, top - 22), "How far from the target", INK, LABEL, strong=True)
    sheet.draw_box((left, top, right, bottom), SHADE)
    goal, found = place(*TARGET), place(*LANDING)
    sheet.draw_dashes(goal, found, GRAY, 2)
    sheet.draw_disk(goal, 14, SHADE)
    sheet.draw_disk(goal, 11, INK)
    sheet.draw_disk(goal, 8, PAPER)
    sheet.draw_disk(found, 14, SHADE)
    sheet.draw_disk(found, 11, ACCENT)
    sheet.draw_text((goal[0] + 14, goal[1] - 28), "Target", INK, LABEL, "rs")
    sheet.draw_text((found[0] - 14, found[1] + 46), "Eagle", ACCENT, LABEL, "ls", True)
    middle = _mix_points(goal, found, 0.6)
    sheet.draw_text((middle[0], middle[1] - 28), "about 4 miles", INK, LABEL, "ms")
    mile = 1.609344 / KILOMETERS_PER_MINUTE * unit
    end = right - 28
    sheet.draw_box((end - 2 * mile, bottom - 30, end, bottom - 26), INK)
    sheet.draw_text((end - mile, bottom - 42), "2 miles", GRAY, SMALL, "ms")
    y = bottom + 44
    for name, north, east, color in (
        ("Target", "0° 43' 53\" N", "23° 38' 51\" E", INK),
        ("Eagle", "0° 41' 15\" N", "23° 26' E", ACCENT),
    ):
        sheet.draw_text((left, y), name, color, SMALL, strong=True)
        sheet.draw_text((left + 210, y), north, INK, SMALL, "rs")
        sheet.draw_text((right, y), east, INK, SMALL, "rs")
        sheet.draw_box((left, y + 14, right, y + 15), RULE)
        y += 44


# Name, beginning and end (empty for a moment), and the side on which its times stand.
STAGES = (
    ("First sample", "109:33:58", "109:37:08", "right"),
    ("Plaque read", "109:52:40", "", "right"),
    ("Television camera moved", "109:59:28", "110:02:53", "right"),
    ("Solar wind foil out", "110:03:20", "111:20:00", "left"),
    ("Flag up", "110:09:43", "", "right"),
    ("President's call", "110:16:30", "110:18:21", "right"),
    ("Bulk sample", "110:20:06", "110:35:36", "right"),
    ("Two instruments set up", "110:53:38", "111:03:57", "left"),
    ("Last samples", "111:11:00", "111:20:00", "left"),
)


def draw_moonwalk() -> Sheet:
    """The first moonwalk as bars on a clock."""
    sheet = Sheet(1140)
    sheet.draw_frame(
        "Two hours and a half outside",
        ["The stages of the first moonwalk, from the opening of the hatch to its closing."],
        ["Hours and minutes since launch. Source: Apollo by the Numbers, NASA SP-4029."],
    )
    left, right, top, bottom = 384.0, float(WIDTH - MARGIN), 262.0, 940.0
    across = make_scale(read_minutes("109:00:00"), read_minutes("111:45:00"), left, right)
    for quarter in range(12):
        minute = 109 * 60 + quarter * 15
        x = across(minute)
        sheet.draw_box((x - 0.5, top, x + 1, bottom), RULE)
        if quarter % 2 == 0:
            clock = f"{minute // 60}:{minute % 60:02}"
            sheet.draw_text((x, bottom + 34), clock, GRAY, SMALL, "ms")
    for words, time in (
        ("10 p.m. in Houston", "109:28:00"),
        ("11 p.m.", "110:28:00"),
        ("midnight", "111:28:00"),
    ):
        x = across(read_minutes(time))
        sheet.draw_box((x - 0.5, bottom + 46, x + 1, bottom + 54), GRAY)
        sheet.draw_text((x, bottom + 80), words, GRAY, SMALL, "ms")
    sheet.draw_box((left, bottom - 1, right, bottom + 1), INK)
    pitch = (bottom - top) / (len(STAGES) + 2)

    for index, (name, since, until) in enumerate(
        (("Armstrong", "109:19:16", "111:37:32"), ("Aldrin", "109:41:56", "111:29:39"))
    ):
        y = top + (index + 0.5) * pitch
        begin, end = across(read_minutes(since)), across(read_minutes(until))
        sheet.draw_text((left - 20, y), f"{name} outside", INK, LABEL, "rm", True)
        sheet.draw_box((begin, y - 18, end, y + 18), BLUSH)
        sheet.draw_text(((begin + end) / 2, y), f"{since[:-3]} to {until[:-3]}", INK, SMALL, "mm")
    y = top + 2 * pitch
    sheet.draw_box((MARGIN, y, right, y + 1), STONE)
    for index, (name, since, until, side) in enumerate(STAGES):
        y = top + (index + 2.5) * pitch
        sheet.draw_text((left - 20, y), name, INK, LABEL, "rm")
        begin = across(read_minutes(since))
        end = across(read_minutes(until)) if until else begin + 12
        if not until:
            corners = [(begin, y - 15), (begin + 12, y), (begin, y + 15), (begin - 12, y)]
            sheet.draw_shape(corners, ACCENT)
        elif name == "Solar wind foil out":
            sheet.draw_box((begin, y - 2, end, y + 2), INK)
            sheet.draw_disk((begin, y), 8, INK)
            sheet.draw_disk((end, y), 8, INK)
        else:
            sheet.draw_box((begin, y - 14, end, y + 14), INK)
        span = f"{since[:-3]} to {until[:-3]}" if until else since
        if side == "right":
            sheet.draw_label((end + 14, y), span, GRAY, SMALL, "lm")
        else:
            sheet.draw_label((begin - 18, y), span, GRAY, SMALL, "rm")
    for words, time, shift, anchor in (
        ("Hatch opens", "109:07:33", 0, "ms"),
        ("First step", "109:24:15", -6, "ls"),
        ("Hatch closed", "111:39:13", 6, "rs"),
    ):
        x = across(read_minutes(time))
        sheet.draw_box((x - 1, top - 24, x + 1, bottom), ACCENT)
        sheet.draw_text((x + shift, top - 36), words, ACCENT, LABEL, anchor, True)
    return sheet


# Number, name, beginning and end of the burns between lift-off and docking.
BURNS = (
    ("1", "124:22:00.8", "124:29:15.7"),
    ("2", "125:19:35", "125:20:22"),
    ("3", "126:17:49.6", "126:18:29.2"),
    ("4", "127:03:51.8", "127:04:14.5"),
    ("5", "127:18:30.8", "127:18:30.8"),
    ("5", "127:33:30.8", "127:33:30.8"),
    ("6", "127:46:09.8", "127:46:38.2"),
)
PURPOSES = (
    ("1", "Ascent", "124:22:00.8", "Lifts Eagle into an orbit of 47.3 by 9.5 nautical miles"),
    ("2", "Coelliptic sequence", "125:19:35", "Raises the low side of that orbit"),
    ("3", "Constant height", "126:17:49.6", "Keeps Eagle at a steady distance below Columbia"),
    ("4", "Terminal phase", "127:03:51.8", "Puts Eagle on the path that meets Columbia"),
    ("5", "Corrections", "127:18, 127:33", "Two small ones on the way"),
    ("6", "Last braking", "127:46:09.8", "Takes off what speed is left; then Eagle keeps station"),
)


def draw_rendezvous() -> Sheet:
    """From lift-off to docking: the burns on a clock, and what each is for."""
    sheet = Sheet(1090)
    sheet.draw_frame(
        "Three hours and forty-one minutes to Columbia",
        ["From the lift-off of Eagle to docking, with the burns on the way."],
        [
            "Times are hours and minutes since launch. Shaded: from Eagle's last words to its "
            "first again, in the air-to-ground transcript.",
            "Burns: Apollo by the Numbers, NASA SP-4029.",
        ],
    )
    left, right, top, base = MARGIN + 16.0, WIDTH - MARGIN - 8.0, 208.0, 470.0
    across = make_scale(read_minutes("124:15:00"), read_minutes("128:10:00"), left, right)
    for since, until in (("125:08:18", "125:58:24"), ("127:04:40", "127:51:42")):
        begin, end = across(read_minutes(since)), across(read_minutes(until))
        sheet.draw_box((begin, top, end, base), SHADE)
        sheet.draw_text(((begin + end) / 2, top + 38), "behind the Moon", GRAY, SMALL, "ms")
    sheet.draw_box((left, base - 1, right, base + 2), INK)
    for quarter in range(16):
        minute = 124 * 60 + 15 + quarter * 15
        x = across(minute)
        whole = minute % 30 == 0
        sheet.draw_box((x - 0.5, base, x + 1, base + (12 if whole else 7)), INK)
        if whole:
            clock = f"{minute // 60}:{minute % 60:02}"
            sheet.draw_text((x, base + 40), clock, GRAY, SMALL, "ms")
    for words, time in (
        ("1 p.m. in Houston", "124:28:00"),
        ("2 p.m.", "125:28:00"),
        ("3 p.m.", "126:28:00"),
        ("4 p.m.", "127:28:00"),
    ):
        x = across(read_minutes(time))
        sheet.draw_box((x - 0.5, base + 52, x + 1, base + 60), GRAY)
        sheet.draw_text((x, base + 86), words, GRAY, SMALL, "ms")
    for number, since, until in BURNS:
        begin, end = across(read_minutes(since)), across(read_minutes(until))
        middle, half = (begin + end) / 2, max((end - begin) / 2, 3)
        small = number == "5"
        height = top + (156 if small else 108)
        sheet.draw_box((middle - half, height, middle + half, base), INK if small else ACCENT)
        sheet.draw_text((middle, height - 14), number, INK, LABEL, "ms", True)
    x = across(read_minutes("128:03:00"))
    sheet.draw_line([(x, base), (x, top + 108)], ACCENT, 2)
    sheet.draw_disk((x, base), 14, PAPER)
    sheet.draw_disk((x, base), 11, ACCENT)
    sheet.draw_text((x + 36, top + 94), "Docked", ACCENT, LABEL, "rs", True)

    y = 638.0
    sheet.draw_box((MARGIN, y - 40, WIDTH - MARGIN, y - 38), INK)
    for number, name, time, purpose in PURPOSES:
        sheet.draw_text((MARGIN + 4, y), number, ACCENT, LABEL, strong=True)
        sheet.draw_text((MARGIN + 48, y), name, INK, LABEL, strong=True)
        sheet.draw_text((MARGIN + 370, y), time, GRAY, LABEL)
        sheet.draw_text((MARGIN + 620, y), purpose, INK, LABEL)
        sheet.draw_box((MARGIN, y + 17, WIDTH - MARGIN, y + 18), RULE)
        y += 54
    return sheet


def draw_surface() -> Sheet:
    """What stands around Eagle at the end of the moonwalk."""
    sheet = Sheet(1060)
    sheet.draw_frame(
        "Tranquility Base",
        ["What stands around Eagle at the end of the moonwalk, seen from above."],
        [
            "A sketch. Only what carries a figure is drawn at its distance; for the rest, the "
            "direction is meant.",
            "Sources: air-to-ground transcript; Apollo 11 Preliminary Science Report, NASA SP-214.",
        ],
    )
    unit = 3.3
    center = (508.0, 500.0)
    ground = (float(MARGIN), 196.0, float(WIDTH - MARGIN), 908.0)

    def place(east: float, north: float) -> Point:
        return center[0] + east * unit, center[1] - north * unit

    sheet.draw_box(ground, SHADE)
    shadow = ((-4, 9), (-70, 9), (-74, 6), (-112, 5), (-112, -5), (-74, -6), (-70, -9), (-4, -9))
    sheet.draw_shape([place(east, north) for east, north in shadow], STONE)
    x, y = place(-112, -16)
    sheet.draw_text((x, y), "Eagle's shadow", GRAY, SMALL)

    for east, north, wide in ((-60, -48, 12.0), (-42, -47, 10.5)):
        draw_oval(sheet, place(east, north), wide * unit, 9 * unit)
    x, y = place(-52, -67)
    sheet.draw_text((x, y), "A pair of craters", GRAY, SMALL, "ms")

    x, y = place(250, -4)
    draw_oval(sheet, (x, y), 50 * unit, 50 * unit)
    lines = ["Little West crater", "about 100 feet across"]
    sheet.draw_lines((x, y - 4), lines, INK, LABEL, "ms", True)
    sheet.draw_dashes(place(20, -4), place(198, -4), ACCENT, 3)
    x, y = place(109, -4)
    sheet.draw_text((x, y - 18), "Armstrong's walk, about 200 feet", ACCENT, LABEL, "ms")

    draw_lander(sheet, center, unit)
    x, y = place(16, -24)
    sheet.draw_text((x, y), "Eagle", INK, LABEL, strong=True)
    x, y = place(-18, -20)
    sheet.draw_text((x, y), "ladder", ACCENT, SMALL, "rs")

    camera = place(-43, 42)
    sheet.draw_dashes(place(-8, 8), camera, GRAY, 2)
    for (x, y), name, more, (dx, dy), anchor in (
        (camera, "Television camera", "about 60 feet", (0, -54), "ms"),
        (place(-30, 15), "Flag", "", (-20, 4), "rs"),
        (place(5, 29), "Solar wind foil", "rolled up and taken home", (22, -2), "ls"),
        (place(-6, -58), "Laser reflector", "", (24, 9), "ls"),
        (place(8, -84), "Seismometer", "", (24, 9), "ls"),
    ):
        sheet.draw_disk((x, y), 14, SHADE)
        sheet.draw_disk((x, y), 10, ACCENT)
        sheet.draw_text((x + dx, y + dy), name, INK, LABEL, anchor, True)
        if more:
            sheet.draw_text((x + dx, y + dy + 30), more, GRAY, SMALL, anchor)
    draw_bearings(sheet, unit, ground)
    return sheet


def draw_oval(sheet: Sheet, center: Point, wide: float, high: float) -> None:
    """A crater: an oval with a rim."""
    turns = [radians(degree) for degree in range(0, 360, 2)]
    for less, fill in ((0, GRAY), (2, STONE)):
        shape = [
            (center[0] + (wide - less) * cos(turn), center[1] + (high - less) * sin(turn))
            for turn in turns
        ]
        sheet.draw_shape(shape, fill)


def draw_lander(sheet: Sheet, center: Point, unit: float) -> None:
    """Eagle from above: the body, four legs, and the ladder on the leg that looks west."""
    ahead = radians(180 + 13)  # west, and thirteen degrees to the left of it

    def turn(angle: float, feet: float) -> Point:
        return (
            center[0] + feet * unit * cos(ahead + angle),
            center[1] - feet * unit * sin(ahead + angle),
        )

    for quarter in range(4):
        angle = quarter * pi / 2
        sheet.draw_line([center, turn(angle, 15.5)], INK, 6)
        sheet.draw_disk(turn(angle, 15.5), 10, INK)
    body = [turn(pi / 8 + index * pi / 4, 8.4) for index in range(8)]
    sheet.draw_shape(body, INK)
    inner = [turn(pi / 8 + index * pi / 4, 7.4) for index in range(8)]
    sheet.draw_shape(inner, PAPER)
    sheet.draw_disk(center, 4.2 * unit, INK)
    sheet.draw_disk(center, 3.5 * unit, STONE)
    for side in (-0.085, 0.085):
        sheet.draw_line([turn(side * 1.6, 8.0), turn(side, 15.0)], ACCENT, 3)


def draw_bearings(sheet: Sheet, unit: float, ground: tuple[float, float, float, float]) -> None:
    """North and the scale, in the corners of the plan."""
    x, y = ground[2] - 52, ground[1] + 62
    sheet.draw_line([(x, y + 58), (x, y + 10)], INK, 3)
    sheet.draw_shape([(x, y - 6), (x - 11, y + 20), (x + 11, y + 20)], INK)
    sheet.draw_text((x, y - 16), "N", INK, LABEL, "ms", True)
    end, low = ground[2] - 52, ground[3] - 38
    for mark in (0, 50, 100):
        spot = end - (100 - mark) * unit
        sheet.draw_box((spot - 1, low - 12, spot + 1, low), INK)
        sheet.draw_text((spot, low - 22), f"{mark}", GRAY, SMALL, "ms")
    sheet.draw_box((end - 100 * unit - 1, low - 3, end + 1, low), INK)
    sheet.draw_text((end - 100 * unit - 18, low), "feet", GRAY, SMALL, "rs")


PICTURES: dict[str, Callable[[], Sheet]] = {
    "descent.png": draw_descent,
    "site.png": draw_site,
    "moonwalk.png": draw_moonwalk,
    "rendezvous.png": draw_rendezvous,
    "surface.png": draw_surface,
}


def main() -> Literal[0]:
    """Draw every picture; write those that differ."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        path, drawn = FOLDER / name, draw().write_bytes()
        if path.exists() and path.read_bytes() == drawn:
            continue
        path.write_bytes(drawn)
        print(f"written: {name}, {len(drawn):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
