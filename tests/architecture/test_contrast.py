"""Proves that the palette can be read: contrast of every pair, and chart colours told apart by everyone."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "static" / "src"
PALETTE: dict[str, Any] = json.loads((SOURCE / "palette.json").read_text(encoding="utf-8"))
COLOURS: dict[str, str] = PALETTE["colours"]

# Machado, Oliveira and Fernandes (2009), severity 1.0, applied to linear RGB.
COLOUR_VISION = {
    "full": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# CIE76 distance; about 2.3 is just noticeable, 15 is plainly another colour.
LEAST_DISTANCE = 15.0


def linear(colour: str) -> tuple[float, float, float]:
    """Linear RGB, each in 0..1, of a colour written #rrggbb."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def contrast(front: str, back: str) -> float:
    """WCAG 2.2 contrast ratio."""
    lights = sorted(
        sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True))
        for c in (front, back)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(colour: str, vision: str) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as a person with that colour vision sees it."""
    source = linear(colour)
    seen = [
        min(1.0, max(0.0, sum(m * c for m, c in zip(row, source, strict=True))))
        for row in COLOUR_VISION[vision]
    ]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    scaled = [
        sum(m * c for m, c in zip(row, seen, strict=True)) / w for row, w in zip(to_xyz, white, strict=True)
    ]
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("pair", PALETTE["pairs"], ids=lambda p: f"{p['front']}-on-{p['back']}-{p['least']}")
def test_every_pair_in_use_can_be_read(pair: dict[str, Any]) -> None:
    ratio = contrast(COLOURS[pair["front"]], COLOURS[pair["back"]])
    assert ratio >= pair["least"], f"{pair['where']}: {ratio:.2f} < {pair['least']}"


@pytest.mark.parametrize("vision", sorted(COLOUR_VISION))
def test_chart_colours_are_told_apart(vision: str) -> None:
    for one, other in combinations(PALETTE["charts"], 2):
        a, b = lab(COLOURS[one], vision), lab(COLOURS[other], vision)
        distance = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        assert distance >= LEAST_DISTANCE, f"{one} and {other} with {vision}: {distance:.1f}"


def test_styles_use_no_colour_outside_the_palette() -> None:
    loose = {
        f"{path.name}: {match}"
        for path in sorted((SOURCE / "scss").glob("*.scss"))
        for match in re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8"))
    }
    assert loose == set()


def test_every_text_colour_is_proven() -> None:
    """A colour that no pair names would be used unchecked; only lines without text are free."""
    proven = {pair["front"] for pair in PALETTE["pairs"]} | {pair["back"] for pair in PALETTE["pairs"]}
    decoration = {"line", "blue-line"}
    assert set(COLOURS) - proven == decoration
