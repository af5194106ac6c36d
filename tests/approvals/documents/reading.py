"""Reading a PDF back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.generic import DictionaryObject


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All text without white space: lines break where the paper wants them to."""
    return squeezed("".join(page.extract_text() for page in reader(pdf).pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def fonts_of(pdf: bytes) -> Iterator[DictionaryObject]:
    """Every font that a page uses."""
    for page in reader(pdf).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            yield font.get_object()


def is_embedded(font: DictionaryObject) -> bool:
    """Whether the font's file lies inside the PDF."""
    descendant = font["/DescendantFonts"][0].get_object() if font["/Subtype"] == "/Type0" else font
    descriptor = descendant["/FontDescriptor"].get_object()
    return any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
