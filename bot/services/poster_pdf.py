"""`python -m bot.services.poster_pdf`: one A4 page a poster: the name, a QR code that an arm's
length can scan, and three lines.

A process of its own, because the libraries that draw would cost each web worker a second and
20 MB. Reads `{now, jobs: [{target, posters}]}` as JSON; exit 1 with a sentence when a file can't be
written. Colours are those of the pages; the font is Noto Sans SC, embedded, so that any printer
prints it. Of its 30,000 characters only those that occur are taken, once for all files.
"""

import io
import json
import math
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import segno
from fontTools import subset
from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos
from pylopdf_fonts_zh_cn import sans_path

from bot.services.posters import Poster

Colour = tuple[int, int, int]
INK: Colour = (0x1F, 0x23, 0x28)
BRAND: Colour = (0x8A, 0x4B, 0x22)
LINE: Colour = (0xE5, 0xE2, 0xDC)
REST: Colour = (0x57, 0x60, 0x6A)

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 22.0
"""Millimetres, as all lengths here."""
TEXT = WIDTH - 2 * MARGIN
QR = 92.0
QUIET = 4
"""Modules of white around a QR code, as its standard asks."""
NAME_SIZES = (38, 34, 30, 26)
"""Points: the largest in which the name takes two lines at most."""


class Printer:
    """Writes posters with a font made for them; `now` becomes the files' date."""

    def __init__(self, posters: Sequence[Poster], now: datetime) -> None:
        self._font = _font_of("".join(poster.words for poster in posters) + "123456789")
        self._now = now

    def write(self, posters: Sequence[Poster], target: Path) -> None:
        """One PDF with a page for each. Raises OSError."""
        with TemporaryDirectory() as folder:
            font = Path(folder) / "NotoSansSC.otf"
            font.write_bytes(self._font)
            pdf = FPDF(format="A4")
            pdf.set_creation_date(self._now)
            pdf.set_title(posters[0].name if len(posters) == 1 else posters[0].office)
            pdf.set_lang("zh-CN")
            pdf.set_auto_page_break(False)
            pdf.set_margin(MARGIN)
            pdf.add_font("sans", fname=font)
            for poster in posters:
                _draw(pdf, poster)
            content = bytes(pdf.output())
        target.write_bytes(content)


def _font_of(words: str) -> bytes:
    """The font with the characters of these words alone."""
    options = subset.Options(layout_features=[], notdef_outline=True, hinting=False)
    font = subset.load_font(str(sans_path()), options)
    cut = subset.Subsetter(options)
    cut.populate(text=words)
    cut.subset(font)
    made = io.BytesIO()
    font.save(made)
    font.close()
    return made.getvalue()


def _draw(pdf: FPDF, poster: Poster) -> None:
    pdf.add_page()
    pdf.set_fill_color(*BRAND)
    pdf.rect(0, 0, WIDTH, 6, style="F")
    pdf.set_y(22)
    _line(pdf, poster.office, 15, BRAND, 8)
    pdf.set_y(36)
    size = _name_size(pdf, poster.name)
    _line(pdf, _balanced(pdf, poster.name), size, INK, size * 0.47)
    top = pdf.get_y() + 8
    _qr(pdf, poster.url, (WIDTH - QR) / 2, top)
    pdf.set_y(top + QR + 3)
    _line(pdf, poster.call, 22, BRAND, 11)
    pdf.set_y(pdf.get_y() + 7)
    for number, step in enumerate(poster.steps, 1):
        _step(pdf, number, step)
    _foot(pdf, poster)


def _name_size(pdf: FPDF, name: str) -> int:
    for size in NAME_SIZES:
        pdf.set_font("sans", size=size)
        if pdf.get_string_width(name) <= TEXT * 1.85:
            return size
    return NAME_SIZES[-1]


def _balanced(pdf: FPDF, name: str) -> str:
    """Lines of about the same length: one last character alone looks like a mistake."""
    lines = math.ceil(pdf.get_string_width(name) / (TEXT * 0.93))
    length = math.ceil(len(name) / lines)
    return "\n".join(name[at : at + length] for at in range(0, len(name), length))


def _line(
    pdf: FPDF, words: str, size: float, colour: Colour, height: float, *, align: Align = Align.C
) -> None:
    pdf.set_font("sans", size=size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(
        TEXT, height, words, align=align, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
    )  # fmt: skip


def _step(pdf: FPDF, number: int, words: str) -> None:
    top = pdf.get_y()
    pdf.set_text_color(*BRAND)
    pdf.set_font("sans", size=17)
    pdf.set_xy(MARGIN, top)
    pdf.cell(10, 9, str(number))
    pdf.set_text_color(*INK)
    pdf.set_font("sans", size=16)
    pdf.set_xy(MARGIN + 10, top)
    pdf.multi_cell(
        TEXT - 10, 9, words, align=Align.L, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
    )  # fmt: skip
    pdf.set_y(pdf.get_y() + 2)


def _foot(pdf: FPDF, poster: Poster) -> None:
    """Where and when, at the end of the page whatever stands above."""
    height = 7.0
    top = HEIGHT - 16 - height * (len(poster.details) + 1)
    pdf.set_draw_color(*LINE)
    pdf.set_line_width(0.4)
    pdf.line(MARGIN, top - 4, WIDTH - MARGIN, top - 4)
    pdf.set_y(top)
    for detail in poster.details:
        _line(pdf, detail, 13, REST, height, align=Align.L)
    _line(pdf, poster.danger, 13, INK, height, align=Align.L)


def _qr(pdf: FPDF, url: str, left: float, top: float) -> None:
    """Drawn in runs of black modules, sharp at any size."""
    matrix = [bytes(row) for row in segno.make(url, error="q", micro=False).matrix]
    side = QR / (len(matrix) + 2 * QUIET)
    pdf.set_fill_color(*INK)
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            run = len(row[x:]) - len(row[x:].lstrip(row[x : x + 1]))
            if row[x]:
                pdf.rect(
                    left + (x + QUIET) * side, top + (y + QUIET) * side, run * side, side * 1.01,
                    style="F",
                )  # fmt: skip
            x += run


def main() -> int:
    """Write what stdin asks for."""
    asked = json.load(sys.stdin)
    jobs = [
        (Path(job["target"]), [_poster(each) for each in job["posters"]]) for job in asked["jobs"]
    ]
    every = [poster for _, posters in jobs for poster in posters]
    printer = Printer(every, datetime.fromisoformat(asked["now"]))
    try:
        for target, posters in jobs:
            printer.write(posters, target)
    except OSError as error:
        print(error.strerror or error, file=sys.stderr)
        return 1
    return 0


def _poster(values: dict[str, Any]) -> Poster:
    lists = {name: tuple(values[name]) for name in ("steps", "details")}
    return Poster(**(values | lists))


if __name__ == "__main__":
    sys.exit(main())
