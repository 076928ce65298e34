"""The text of PDF files as it is written: Khmer is drawn in another order than readers copy, find and read aloud."""

import io
import re
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from capred_portal.khmer_lines import BREAK

_KHMER = re.compile("[\u1780-\u17ff]")
_CODES = re.compile(rb"(<[0-9a-f]*>)")
_SHOWN = b"] TJ"
_RAISED = b" Ts"
_ROOM = 1024  # numbers next to a font's own that WeasyPrint may give to letters which the font lacks
_MANY = 30_000  # glyphs of a font
_SPACE = 50  # thousandths of the size


class Glyph(NamedTuple):
    """A glyph that is drawn: its font, and which bytes of the line's text it stands for, with others or alone."""

    font: Any
    size: float
    start: int
    end: int
    moved: float  # to the right, in thousandths of the size


class Shape(NamedTuple):
    """What a number of a font means in the file: a glyph, and by how many of the font's units it is moved."""

    glyph: int
    right: int
    up: int

    @property
    def is_moved(self) -> bool:
        return bool(self.right or self.up)


def write_text() -> None:
    """Have WeasyPrint write the text of Khmer beside its glyphs, for both kinds of readers.

    Those that follow the specification take a word's text from the marks around its glyphs. The others know a text
    for each number of a font: here a glyph has a number for each text that it carries, and a sign that stands beside
    its place is a glyph of its own, so that no reader takes what is drawn forth and back for a space or a line.
    """
    from weasyprint import pdf as files
    from weasyprint.draw import text as lines
    from weasyprint.pdf.fonts import Font

    lines.draw_first_line = _drawing(lines.draw_first_line)
    files.build_fonts_dictionary = _building(files.build_fonts_dictionary)
    Font.clean = _cleaning(Font.clean)


def _drawing(draw: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(draw)
    def drawn(stream: Any, box: Any, *rest: Any) -> Any:
        start = len(stream.stream)
        emojis = draw(stream, box, *rest)
        line, _next = box.pango_layout.get_first_line()
        text = box.pango_layout.text.encode()[: line.length]
        if len(stream.stream) > start and _KHMER.search(text.decode()):
            stream.stream[start:] = marked(stream.stream[start:], text, list(glyphs_of(stream, line)))
        return emojis

    return drawn


def glyphs_of(stream: Any, line: Any) -> Iterator[Glyph]:
    """Return the glyphs that WeasyPrint draws of a line of Pango."""
    from weasyprint.text.ffi import ffi, pango

    run = line.runs
    while run != ffi.NULL:
        item, shaped = run.data.item, run.data.glyphs
        font, size = stream.add_font(item.analysis.font)
        starts = [item.offset + shaped.log_clusters[place] for place in range(shaped.num_glyphs)]
        ends = dict(pairwise(sorted({*starts, item.offset + item.length})))
        for place, start in enumerate(starts):
            glyph = shaped.glyphs[place]
            if glyph.glyph != pango.PANGO_GLYPH_EMPTY:
                yield Glyph(font, size, start, ends[start], glyph.geometry.x_offset / size)
        run = run.next


def marked(shown: list[Any], text: bytes, glyphs: list[Glyph]) -> list[Any]:
    """Return the operators that draw a line with its text beside them: word for word, or for the line as a whole.

    As a whole where it is not drawn as this module understands it: backwards, or from fonts of another kind.
    """
    drawn = sum(len(codes) // 4 for item in shown if item.endswith(_SHOWN) for codes in _CODES.findall(item))
    is_known = all(is_outlined(font) for font in {id(glyph.font): glyph.font for glyph in glyphs}.values())
    is_forward = all(one.start <= other.start for one, other in pairwise(glyphs))
    if drawn == len(glyphs) and is_known and is_forward:
        return _Line(text, glyphs).marked(shown)
    return _with_text(shown, text)


def is_outlined(font: Any) -> bool:
    """Tell whether a font is of the kind whose glyphs may get more numbers in a file, and has room for them."""
    return "glyf" in font.tables and not font.bitmap and font.glyph_count < _MANY


def _with_text(shown: list[Any], text: bytes) -> list[Any]:
    """Return operators with the text they draw, without the spaces of no width that are there for breaks alone."""
    written = text.decode().replace(BREAK, "")
    if not _KHMER.search(written):
        return shown
    return [f"/Span<</ActualText<feff{written.encode('utf-16-be').hex()}>>>BDC", *shown, "EMC"]


class _Line:
    """A line on its way into the file, each word of Khmer marked with its text."""

    def __init__(self, text: bytes, glyphs: list[Glyph]) -> None:
        self.text, self.glyphs = text, glyphs
        self.texts = carried(text, glyphs)
        self.place = 0  # of the next glyph
        self.start = 0  # of the word, in the text
        self.gap = 0.0  # to the left before the next glyph, in thousandths of the size
        self.array: list[str] = []
        self.word: list[Any] = []
        self.done: list[Any] = []

    def marked(self, shown: list[Any]) -> list[Any]:
        raised = 0.0
        for item in shown:
            if item.endswith(_RAISED):
                raised = float(item.removesuffix(_RAISED))
            elif item.endswith(_SHOWN):
                self.draw(item.removeprefix(b"[").removesuffix(_SHOWN), raised)
            else:
                self.show()
                (self.word if self.place else self.done).append(item)
        self.show()
        self.end(len(self.text))
        return self.done

    def draw(self, array: bytes, raised: float) -> None:
        for part in _CODES.split(array):
            if part.startswith(b"<"):
                for code in re.findall(b"....", part.strip(b"<>")):
                    self.draw_glyph(int(code, 16), raised)
            else:
                self.gap += float(part or 0)

    def draw_glyph(self, code: int, raised: float) -> None:
        glyph = self.glyphs[self.place]
        if self.is_start():
            gap, self.gap = self.gap, 0.0
            self.show()
            self.end(glyph.start)
            self.gap = gap
        text = self.texts[self.place]
        moved = 0 if glyph.font.widths[code] else glyph.moved
        if raised or moved or text is not None:
            units = glyph.font.upem
            shape = Shape(code, round(moved * units / 1000), round(raised * units / glyph.size))
            code = number_of(glyph.font, shape, glyph.font.to_unicode[code] if text is None else text)
        self.gap += moved
        self.space()
        self.array.append(f"<{code:04x}>")
        self.gap -= moved
        self.place += 1

    def is_start(self) -> bool:
        """Tell whether the next glyph begins a word."""
        start = self.glyphs[self.place].start
        if not self.place or self.glyphs[self.place - 1].start == start:
            return False
        is_near = abs(self.gap) < _SPACE  # readers take what is farther for a space, which spaced letters have not
        return self.text[:start].endswith((b" ", BREAK.encode()) if is_near else b" ")

    def space(self) -> None:
        if distance := round(self.gap):
            self.array.append(f"{distance}")
            self.gap -= distance

    def show(self) -> None:
        """Put down what has been gathered."""
        self.space()
        if self.array:
            self.word.append(f"[{''.join(self.array).replace('><', '')}]TJ")
        self.array = []

    def end(self, place: int) -> None:
        """End a word at this place of the text."""
        self.done += _with_text(self.word, self.text[self.start : place])
        self.word, self.start = [], place


def carried(text: bytes, glyphs: list[Glyph]) -> list[str | None]:
    """Return what each glyph stands for when they are read one by one, or None for what WeasyPrint tells rightly."""
    told: list[str | None] = []
    clusters = [
        (len(list(same)), text[start:end].decode().replace(BREAK, ""))
        for (start, end), same in groupby(glyphs, key=lambda glyph: (glyph.start, glyph.end))
    ]
    for is_khmer, some in groupby(clusters, key=lambda cluster: bool(_KHMER.search(cluster[1]))):
        row = list(some)
        told += shares(row) if is_khmer else [None] * sum(count for count, _written in row)
    return told


def shares(clusters: list[tuple[int, str]]) -> list[str]:
    """Share the letters of clusters among their glyphs, in order, at least one to each as far as there are enough.

    A cluster with fewer letters than glyphs borrows from its neighbors.
    """
    ends: list[int] = []
    length = 0
    for count, written in clusters:
        ends += [length + min(place, len(written)) for place in range(1, count)]
        length += len(written)
        ends.append(length)
    found, taken = [], 0
    text = "".join(written for _count, written in clusters)
    for place, end in enumerate(ends, start=1):
        most = min(length, length - len(ends) + place + max(len(ends) - length, 0))
        upto = min(max(end, taken + 1), most)
        found.append(text[taken:upto] or BREAK)
        taken = upto
    return found


def number_of(font: Any, shape: Shape, text: str) -> int:
    """Return the number of a shape where it carries this text: the glyph's own for the first, new ones for others."""
    numbers: dict[tuple[Shape, str], int] = font.__dict__.setdefault("numbers", {})
    shapes: dict[int, Shape] = font.__dict__.setdefault("shapes", {})
    if (shape, text) not in numbers:
        is_own = not shape.is_moved and shape.glyph not in shapes
        number = shape.glyph if is_own else font.glyph_count + _ROOM + len(shapes)
        shapes[number] = shape
        numbers[shape, text] = number
        font.to_unicode[number], font.widths[number] = text, font.widths[shape.glyph]
    return numbers[shape, text]


def _cleaning(clean: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(clean)
    def cleaned(font: Any, *rest: Any) -> None:
        clean(font, *rest)
        raised = sorted({shape for shape in getattr(font, "shapes", {}).values() if shape.is_moved})
        if raised:
            font.file_content, first = with_raised(font.file_content, raised)
            font.raised = {shape: first + place for place, shape in enumerate(raised)}

    return cleaned


def with_raised(content: bytes, raised: list[Shape]) -> tuple[bytes, int]:
    """Return a font with these shapes added as glyphs, and the number of the first of them."""
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.tables._g_l_y_f import Glyph as Outline
    from fontTools.ttLib.tables._g_l_y_f import GlyphComponent

    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    names = list(font.getGlyphOrder())
    first = len(names)
    for shape in raised:
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = names[shape.glyph], shape.right, shape.up, 0x1000
        outline = Outline()
        outline.numberOfContours, outline.components = -1, [part]
        name = f"raised{len(names)}"
        names.append(name)
        font["glyf"].glyphs[name] = outline
        width, left = font["hmtx"][part.glyphName]
        font["hmtx"][name] = width, left + shape.right
    font.setGlyphOrder(names)
    font["glyf"].glyphOrder = names
    file = io.BytesIO()
    font.save(file)
    return file.getvalue(), first


def _building(build: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(build)
    def built(pdf: Any, fonts: Any, *rest: Any) -> Any:
        from weasyprint.pdf import pydyf

        references = build(pdf, fonts, *rest)
        tables = {font.name: glyph_table(font) for font in fonts.values() if hasattr(font, "shapes")}
        for found in list(pdf.objects):
            if isinstance(found, dict) and found.get("Subtype") == "/CIDFontType2" and found["BaseFont"] in tables:
                table = pydyf.Stream([tables[found["BaseFont"]]], compress=True)
                pdf.add_object(table)
                found["CIDToGIDMap"] = table.reference
        return references

    return built


def glyph_table(font: Any) -> bytes:
    """Return which glyph of the file each number means, two bytes for each."""
    glyphs = {number: number for number in font.to_unicode}
    for number, shape in font.shapes.items():
        glyphs[number] = font.raised[shape] if shape.is_moved else shape.glyph
    return b"".join(glyphs.get(number, 0).to_bytes(2, "big") for number in range(max(glyphs) + 1))
