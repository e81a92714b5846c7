"""Makes complete TrueType fonts for printed documents out of the web fonts, which come split by script.

Typst needs one file per family and weight; the npm packages hold only woff2 subsets. The result goes to
static/dist/fonts/ttf: "Be Vietnam Pro" and "Noto Sans Thai", each Regular and Bold. Licence of both: OFL 1.1.
"""

import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules" / "@fontsource"
TARGET = ROOT / "static" / "dist" / "fonts" / "ttf"

FAMILIES = {
    "Be Vietnam Pro": ("be-vietnam-pro", ("latin", "vietnamese", "latin-ext")),
    "Noto Sans Thai": ("noto-sans-thai", ("thai", "latin")),
}
STYLES = {400: "Regular", 700: "Bold"}
# Bits of OS/2.fsSelection and head.macStyle that say which of the two weights a file is.
REGULAR_BIT, BOLD_BIT = 1 << 6, 1 << 5


def merged(subsets: list[Path], workspace: Path) -> TTFont:
    """One font with the characters of all subsets; where two hold the same character, the first counts."""
    plain: list[str] = []
    for number, subset in enumerate(subsets):
        font = TTFont(subset)
        font.flavor = None
        plain.append(str(workspace / f"{number}.ttf"))
        font.save(plain[-1])
    return Merger().merge(plain)


def name(font: TTFont, family: str, weight: int) -> None:
    """The merged font carries the names that documents ask for."""
    style = STYLES[weight]
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 13, 14)]
    texts = {
        1: family,
        2: style,
        3: f"{family} {style}, merged subsets",
        4: f"{family} {style}",
        5: "Version 1.000",
        6: f"{family.replace(' ', '')}-{style}",
    }
    for identifier, text in texts.items():
        table.setName(text, identifier, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = BOLD_BIT if weight == 700 else REGULAR_BIT
    font["head"].macStyle = 1 if weight == 700 else 0


def main() -> None:
    """Write the four files and say how large each is."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for family, (folder, subsets) in FAMILIES.items():
        for weight, style in STYLES.items():
            files = [
                MODULES / folder / "files" / f"{folder}-{subset}-{weight}-normal.woff2" for subset in subsets
            ]
            missing = [file.name for file in files if not file.exists()]
            if missing:
                sys.exit(f"Missing {', '.join(missing)}: install the front-end packages first (npm ci).")
            with tempfile.TemporaryDirectory() as workspace:
                font = merged(files, Path(workspace))
            name(font, family, weight)
            target = TARGET / f"{family.replace(' ', '')}-{style}.ttf"
            font.save(target)
            print(f"{target.name}: {target.stat().st_size // 1024} KB, {len(font.getBestCmap())} characters")


if __name__ == "__main__":
    main()
