"""An office's own fonts: found in a folder, put in the place that official documents give them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

# The style sheets name these families first and fall back on Noto. The words are
# those that foundries put into the names of the fonts that GB/T 9704 asks for.
FAMILIES = {
    "Office Title": ("小标宋", "xiaobiaosong", "fzxbs"),
    "Office Body": ("仿宋", "fangsong"),
    "Office Heading": ("黑体", "simhei", "heiti"),
    "Office Subheading": ("楷体", "kaiti"),
}
SUFFIXES = (".ttf", ".otf")
FAMILY_NAME_RECORDS = (1, 4, 16)


@dataclass(frozen=True)
class OfficeFont:
    """A font file and the family of the style sheets that it serves."""

    family: str
    path: Path

    @property
    def rule(self) -> str:
        return f'@font-face {{ font-family: "{self.family}"; src: url("{self.path.as_uri()}") }}'


def office_fonts(folder: Path | None) -> list[OfficeFont]:
    """The folder's fonts that official documents use; one for each family, by file name."""
    if folder is None or not folder.is_dir():
        return []
    found: dict[str, OfficeFont] = {}
    for path in sorted(folder.iterdir()):
        family = family_of(path) if path.suffix.lower() in SUFFIXES else None
        if family:
            found.setdefault(family, OfficeFont(family, path.resolve()))
    return list(found.values())


def names_by_family(folder: Path | None) -> dict[str, str]:
    """The name by which a word processor finds the font of each family of the folder."""
    return {font.family: names[0] for font in office_fonts(folder) if (names := names_in(font.path))}


def names_in(path: Path) -> list[str]:
    """The family's names that a font file carries; none for a file that is no font."""
    try:
        with TTFont(path, lazy=True) as font:
            return [str(record) for record in font["name"].names if record.nameID in FAMILY_NAME_RECORDS]
    except (TTLibError, OSError, KeyError):
        return []


def family_of(path: Path) -> str | None:
    """Which family a font file serves, by the names that it carries; None if it is none of them."""
    carried = " ".join(names_in(path)).lower().replace(" ", "")
    return next(
        (family for family, words in FAMILIES.items() if any(word in carried for word in words)), None
    )
