"""Where places stand on a small map drawn by the server: geometry only, no words and no colours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_KM: Final = 6371.0
# Units of the drawing; on a phone of 360 px one unit is a little less than one pixel.
WIDTH: Final = 340.0
MARGIN: Final = 24.0
# A point under a finger: nothing to press is smaller.
TARGET: Final = 13.0
_SMALLEST, _LARGEST = 4.0, 15.0
_LABEL_HEIGHT, _LETTER = 13.0, 6.2


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) pairs, as the crow flies."""
    (lat1, lon1), (lat2, lon2) = a, b
    up, across = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    root = sin(up) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(across) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(root)))


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the drawing: the middle and the size."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Spots in the order of the places given, in a frame of `WIDTH` by `height`; a bar `bar_km` long."""

    spots: tuple[Spot, ...]
    height: float
    bar_km: int
    bar: float


def draw(places: Sequence[tuple[float, float]], sizes: Sequence[int]) -> Drawing:
    """Puts (latitude, longitude) pairs on a flat map, north up, wide enough for phones.

    A size of 0 is the smallest spot; the largest size fills the largest one, areas in proportion.
    """
    if not places:
        return Drawing((), WIDTH, 10, 0.0)
    middle = sum(lat for lat, _lon in places) / len(places)
    flat = [(lon * cos(radians(middle)), -lat) for lat, lon in places]
    left, right = min(x for x, _y in flat), max(x for x, _y in flat)
    top, bottom = min(y for _x, y in flat), max(y for _x, y in flat)
    # One degree of latitude and at least a tenth of one across: a single place stands in the middle.
    span = max(right - left, (bottom - top) / 1.6, 0.1)
    scale = (WIDTH - 2 * MARGIN) / span
    shift = (span - (right - left)) / 2
    height = 2 * MARGIN + max((bottom - top) * scale, 40.0)
    largest = max([*sizes, 1])
    spots = tuple(
        Spot(
            round(MARGIN + (x - left + shift) * scale, 1),
            round(MARGIN + (y - top) * scale, 1),
            round(_SMALLEST + (_LARGEST - _SMALLEST) * sqrt(size / largest), 1) if size else _SMALLEST,
        )
        for (x, y), size in zip(flat, sizes, strict=True)
    )
    a_km = scale / (radians(1) * EARTH_KM)
    bar_km = next((step for step in (200, 100, 50, 20, 10, 5) if step * a_km <= WIDTH / 3), 1)
    return Drawing(spots, round(height, 1), bar_km, round(bar_km * a_km, 1))


def apart(spots: Iterable[tuple[int, Spot]], *, least: float = 2 * TARGET) -> list[int]:
    """The indexes, in the order given, of spots that can be pressed without touching one kept before."""
    kept: list[tuple[int, Spot]] = []
    for index, spot in spots:
        if all((spot.x - other.x) ** 2 + (spot.y - other.y) ** 2 >= least**2 for _i, other in kept):
            kept.append((index, spot))
    return [index for index, _spot in kept]


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a spot, to its right or, near the edge, to its left."""

    index: int
    x: float
    y: float
    at_end: bool


def labels(named: Iterable[tuple[int, Spot, str]], most: int = 6) -> list[Label]:
    """Names in the order given, as many as fit without lying on each other."""
    boxes: list[tuple[float, float, float, float]] = []
    placed: list[Label] = []
    for index, spot, name in named:
        width = len(name) * _LETTER
        at_end = spot.x + spot.radius + 4 + width > WIDTH
        x = spot.x - spot.radius - 4 if at_end else spot.x + spot.radius + 4
        start = x - width if at_end else x
        box = (start, spot.y - _LABEL_HEIGHT / 2, start + width, spot.y + _LABEL_HEIGHT / 2)
        if start < 0 or any(_touch(box, other) for other in boxes):
            continue
        boxes.append(box)
        placed.append(Label(index, round(x, 1), round(spot.y + 4, 1), at_end))
        if len(placed) == most:
            break
    return placed


def _touch(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
