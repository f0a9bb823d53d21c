"""Marks of an Office Open XML workbook (xlsx, xlsm), transitional or strict."""

from __future__ import annotations

import posixpath
import re
import zipfile
from xml.parsers import expat

from orchestration.intake.readers.marks.book import UNCALCULATED, BookMarks, SheetMarks, Shown, shown_by_style
from orchestration.intake.readers.marks.rows import empty_strings, rows_with_values

_TELLING = re.compile(rb't="e"|<(?:\w+:)?f[ >/]|hidden="')


def xlsx_marks(container: zipfile.ZipFile) -> BookMarks:
    """Marks of every sheet; a part in which nothing can be marked is not parsed."""
    book, targets = BookMarks(), part_targets(container, "xl/_rels/workbook.xml.rels")
    shows, names = _shown_by_style(container), set(container.namelist())
    strings = next((target for target in targets.values() if target.endswith("sharedStrings.xml")), "")
    empty = empty_strings(container.read(strings)) if strings in names else set()

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "workbookPr":
            book.epoch = 1904 if attributes.get("date1904") in ("1", "true") else 1900
        elif local == "sheet":
            part = targets.get(next((v for k, v in attributes.items() if k.endswith(":id")), ""), "")
            content = container.read(part) if part in names else b""
            marks = _sheet(content, shows) if shows or _TELLING.search(content) else SheetMarks()
            marks.rows = rows_with_values(content, empty)
            book.sheets[attributes["name"]] = marks
        elif local == "calcPr":
            book.awaits_calculation = _is_true(attributes.get("fullCalcOnLoad"))

    parse(container.read("xl/workbook.xml"), start)
    return book


def part_targets(container: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Relation id → part of the container."""
    found: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            found[attributes["Id"]] = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))[1:]

    parse(container.read(part), start)
    return found


def parse(content: bytes, start: object, end: object = None, text: object = None) -> None:
    """Run through XML; entities are not expanded beyond what expat allows."""
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text  # type: ignore[assignment]
    parser.buffer_text = True
    parser.Parse(content, True)


def _shown_by_style(container: zipfile.ZipFile) -> dict[int, Shown]:
    codes, styles, is_cell = dict[int, str](), list[int](), False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_cell
        local = name.rpartition(":")[2]
        is_cell = local == "cellXfs" or (is_cell and local != "cellStyles")
        if local == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif local == "xf" and is_cell:
            styles.append(int(attributes.get("numFmtId", 0)))

    if "xl/styles.xml" in container.namelist():
        parse(container.read("xl/styles.xml"), start)
    return shown_by_style(styles, codes)


def _sheet(content: bytes, shows: dict[int, Shown]) -> SheetMarks:
    reader = _SheetReader(shows)
    parse(content, reader.start, reader.end, reader.text)
    return reader.marks


class _SheetReader:
    """Follows rows and cells; either may leave its coordinates out."""

    def __init__(self, shows: dict[int, Shown]) -> None:
        self.marks = SheetMarks()
        self._shows = shows
        self._show: Shown | None = None
        self._row = self._column = -1
        self._kind, self._has_formula = "", False
        self._value: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A row, a column definition, a cell, or what a cell consists of."""
        local = name.rpartition(":")[2]
        if local == "c":
            self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
            self._kind, self._has_formula, self._value = attributes.get("t", "n"), False, None
            self._show = self._shows.get(int(attributes.get("s", 0)))
        elif local == "f":
            self._has_formula = True
        elif local in ("v", "is"):
            self._value = ""
        elif local == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            if _is_true(attributes.get("hidden")):
                self.marks.hidden_rows.append(self._row)
        elif local == "col" and _is_true(attributes.get("hidden")):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.marks.hidden_columns += range(first - 1, min(last, first + 255))

    def text(self, text: str) -> None:
        """Text of a value."""
        if self._value is not None:
            self._value += text

    def end(self, name: str) -> None:
        """The end of a cell, where it shows what it holds."""
        if name.rpartition(":")[2] != "c":
            return
        place = self._row, self._column
        if self._kind == "e":
            self.marks.shown[place] = (self._value or "#ERROR!").strip()
        elif self._has_formula and (self._value is None or not (self._value or self._kind == "str")):
            self.marks.shown[place] = UNCALCULATED
        elif self._show and self._kind == "n" and self._value:
            self.marks.show(place, self._show(float(self._value)))
        if self._has_formula and self._value == "0":
            self.marks.valueless.append(place)
        elif self._has_formula and self._value:
            self.marks.has_values = True
        self._value = None


def _is_true(text: str | None) -> bool:
    return text in ("1", "true")


def _column(reference: str) -> int:
    number = 0
    for letter in reference:
        if letter.isdigit():
            break
        number = number * 26 + ord(letter) - 64
    return number - 1
