"""What printing refuses, and where it stops."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from approvals.documents import pages
from approvals.documents.errors import DocumentFailed, DocumentFontMissing, DocumentTooLarge
from approvals.documents.fetching import FontFetcher, ForbiddenAddress
from approvals.documents.rendering import Limits, html_of, print_pdf, render_pdf
from approvals.documents.report import Section
from tests.approvals.documents import sample
from tests.approvals.documents.reading import fonts_of, reader, text_of

HOSTILE = (
    '<img src="file:///etc/passwd"><link rel="attachment" href="file:///etc/passwd">'
    '<style>body { background: url("http://127.0.0.1:9/x.png") }</style><script>alert(1)</script>'
)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/image.png",
        "https://example.org/font.ttf",
        "ftp://example.org/font.ttf",
        "data:text/plain,hello",
        "file://server/share/font.ttf",
    ],
)
def test_the_fetcher_refuses_every_address_that_is_not_a_font_of_the_office(
    address: str, tmp_path: Path
) -> None:
    with pytest.raises(ForbiddenAddress):
        FontFetcher([tmp_path / "font.ttf"])(address)


def test_the_fetcher_opens_a_font_of_the_office_but_not_its_neighbour(tmp_path: Path) -> None:
    font, neighbour = tmp_path / "font.ttf", tmp_path / "secret.ttf"
    font.write_bytes(b"font")
    neighbour.write_bytes(b"secret")
    fetcher = FontFetcher([font])
    assert fetcher(font.as_uri()).read() == b"font"
    for address in (neighbour.as_uri(), f"{tmp_path.as_uri()}/x/../secret.ttf"):
        with pytest.raises(ForbiddenAddress):
            fetcher(address)


def test_a_link_in_the_font_folder_does_not_lead_out_of_it(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "FangSong.ttf").symlink_to(outside)
    fetcher = FontFetcher(font.path for font in pages.office_fonts(folder))
    with pytest.raises(ForbiddenAddress):
        fetcher(outside.as_uri())


@pytest.mark.parametrize(
    "page", ['<img src="file:///etc/hostname">', '<link rel="attachment" href="file:///etc/hostname">']
)
def test_even_unescaped_html_cannot_bring_a_file_into_the_pdf(page: str) -> None:
    pdf = print_pdf(f"<!doctype html><p>正文</p>{page}", "", Limits())
    assert text_of(pdf) == "正文"
    assert not reader(pdf).attachments


def test_hostile_text_is_printed_as_text_everywhere() -> None:
    row = replace(
        sample.INDICATORS[0],
        name=HOSTILE,
        level1=HOSTILE,
        level2=HOSTILE,
        opinion=HOSTILE,
        deviation_reason=HOSTILE,
    )
    hostile = replace(
        sample.FINANCE,
        title=HOSTILE,
        number=HOSTILE,
        project_name=HOSTILE,
        unit=HOSTILE,
        indicators=(row,),
        sections=(Section(chapter="overview", text=HOSTILE),),
        problems=(HOSTILE,),
        suggestions=(HOSTILE,),
        notes=(HOSTILE,),
        conclusion=HOSTILE,
        demonstration_note=HOSTILE,
        goal=replace(sample.FINANCE.goal, expected=HOSTILE, achieved=HOSTILE),
        opinions=(replace(sample.SELF.opinions[0], opinion=HOSTILE, organization=HOSTILE),),
        rectification=(replace(sample.SELF.rectification[0], requirement=HOSTILE),),
    )
    for report in (hostile, replace(hostile, kind=sample.SELF.kind)):
        with override("en"):
            html = html_of(report)
        for tag in ("<img", "<link", "<style", "<script"):
            assert tag not in html
        assert "&lt;img src=" in html
    assert '<imgsrc="file:///etc/passwd">' in text_of(render_pdf(hostile, "en"))


@pytest.fixture
def fonts_without_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which only one font, without Chinese, is installed."""
    folder = tmp_path / "installed"
    folder.mkdir()
    write_font(folder / "Latin.ttf", "Latin Only", "ABCabc ")
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(
        f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>", encoding="utf-8"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(configuration))
    return folder


def test_a_machine_without_a_chinese_font_is_told_which_package_to_install(
    fonts_without_chinese: Path,
) -> None:
    with override("en"), pytest.raises(DocumentFontMissing, match="Install the package fonts-noto-cjk"):
        render_pdf(sample.SELF)


def test_a_machine_without_any_font_is_told_the_same(fonts_without_chinese: Path) -> None:
    (fonts_without_chinese / "Latin.ttf").unlink()
    with pytest.raises(DocumentFontMissing):
        render_pdf(sample.SELF)


def test_an_office_prints_with_its_own_font(tmp_path: Path, settings: Any) -> None:
    write_font(tmp_path / "own.ttf", "仿宋", "绩效评价正文")
    settings.DOCUMENT_FONT_FOLDER = str(tmp_path)
    pdf = print_pdf("<!doctype html><p>正文</p>", render_to_string("documents/document.css"), Limits())
    assert text_of(pdf).startswith("正文")
    assert any("Office-Body" in font["/BaseFont"] for font in fonts_of(pdf))


def test_other_files_in_the_font_folder_are_left_alone(tmp_path: Path) -> None:
    write_font(tmp_path / "other.ttf", "Comic", "abc")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    (tmp_path / "FangSong.txt").write_text("no font")
    write_font(tmp_path / "title.ttf", "方正小标宋简体", "绩效")
    assert [(font.family, font.path.name) for font in pages.office_fonts(tmp_path)] == [
        ("Office Title", "title.ttf")
    ]


def test_a_document_that_takes_too_long_is_stopped() -> None:
    begun = time.monotonic()
    with pytest.raises(DocumentTooLarge):
        render_pdf(sample.with_indicators(200), limits=Limits(seconds=1))
    assert time.monotonic() - begun < 5


def test_a_document_with_too_much_text_is_not_begun() -> None:
    with pytest.raises(DocumentTooLarge) as refused:
        render_pdf(sample.SELF, limits=Limits(html_characters=1000))
    assert refused.value.data["characters"] > 1000


def test_a_document_beyond_its_memory_is_stopped_and_we_live_on() -> None:
    with pytest.raises(DocumentFailed):
        render_pdf(sample.with_indicators(200), limits=Limits(megabytes=300))


def test_the_printing_process_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    monkeypatch.setattr("approvals.documents.rendering.subprocess.run", spy := Spy())
    print_pdf("<p>正文</p>", "", Limits())
    assert "PATH" in spy.environment
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(spy.environment)


class Spy:
    """Stands in for the printing process and remembers what it was given."""

    returncode = 0
    stdout = b"%PDF"

    def __call__(self, command: list[str], *, env: dict[str, str], **options: object) -> Spy:
        self.environment = env
        return self


def write_font(path: Path, family: str, letters: str) -> None:
    """A font of squares: enough to be chosen, embedded and read back."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 800), (900, 800), (900, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in letters)]
    font = FontBuilder(1000)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(letter): f"u{ord(letter):04X}" for letter in letters})
    font.setupGlyf(dict.fromkeys(names, square))
    font.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": family, "styleName": "Regular"})
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    font.setupPost()
    font.save(path)
