"""Text cells → typed values, each distinct text read once; what cannot be read is a fault at its cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from orchestration.intake import contract, entities
from orchestration.intake.converted import Converted, Parsed, typed
from orchestration.intake.dates import read_date
from orchestration.intake.findings import quoted
from orchestration.intake.periods import read_period
from orchestration.intake.personal import looks_personal
from orchestration.intake.quantities import is_empty, read_interval, read_number
from orchestration.intake.readers.encoding import is_garbled
from orchestration.intake.reference import Reference
from orchestration.intake.texts import Texts

_ERROR_STARTS = ("#", "E", "e")
_ERROR = re.compile(r"#N/A|#GETTING_DATA|#[A-Z][A-Z0-9/ _]*[!?]|ERR:\d{3}")
TRUE = {"y", "yes", "true", "t", "1", "x", "✓", "✔"}
FALSE = {"n", "no", "false", "f", "0", "-"}
_NAMES = ("forename", "surname", "full_name")  # somebody is called Na
_PLACEHOLDERS = {
    "n/a", "na", "none", "null", "nil", "tbc", "tba", "unknown", "test",
    "-", "--", "0", "?", "x", "xx", "xxx",
}  # fmt: skip


@dataclass(frozen=True)
class Normaliser:
    """How the cells of one file are read."""

    reference: Reference
    agreed: contract.Contract
    latest: date
    epoch: int | None
    encoding: str

    def convert(self, cells: Texts, source: contract.Column, target: entities.Column) -> Converted:
        """Read a column of text as the standard column `target`."""
        read = self._reader(source, target)
        if read is None:
            return _as_text(cells, target.name)
        parsed = [error(text) or read(text) for text in cells.distinct]
        if target.data_type == "date":
            parsed = _with_doubtful(parsed)
        return Converted(typed([p.value for p in parsed], target.data_type), cells.codes, parsed)

    def _reader(self, source: contract.Column, target: entities.Column) -> Callable[[str], Parsed] | None:
        shown = source.classification == "none"
        words = {k.strip().casefold(): v for k, v in source.codes.items()}
        if target.codes or target.name == "programme_id":
            return partial(self._code, words=words, target=target, shown=shown)
        readers: dict[str, Callable[[str], Parsed]] = {
            "date": partial(self._date, target=target.name, shown=shown),
            "boolean": partial(_boolean, words=words, shown=shown),
            "integer": partial(_number, shown=shown, whole=True),
            "interval": partial(_interval, shown=shown, source=source),
        }
        if target.data_type.startswith("decimal"):
            return partial(_number, shown=shown, whole=False)
        if words:
            return partial(_worded, words=words)
        return readers.get(target.data_type)

    def _date(self, text: str, target: str, shown: bool) -> Parsed:
        if is_empty(text):
            return Parsed()
        if target in ("period_start", "period_end", "activity_date"):
            period = read_period(text, self.agreed.period.financial)
            if period:
                return Parsed(period[0] if target == "period_start" else period[1])
        read = read_date(text, self.agreed.date_order, self.latest, self.epoch)
        if read.value is None:
            details = {"value": quoted(text, shown)}
            return Parsed(read.other, (("R02", details),), stops=True)
        if read.other is None:
            return Parsed(read.value)
        # For `_with_doubtful`: only a column that breaks the declared order elsewhere makes these doubtful.
        doubt = {
            "value": quoted(text, shown),
            "used": _day(read.value, shown, "one day"),
            "other": _day(read.other, shown, "another"),
        }
        return Parsed(read.value, (("R03", doubt),))

    def _code(self, text: str, words: dict[str, str | None], target: entities.Column, shown: bool) -> Parsed:
        key = text.strip().casefold()
        if key in words:
            code = words[key]
            return Parsed(code, is_nothing=code is None) if code is None else self._newest(code)
        programmes = {p.casefold(): p for p in self.agreed.programmes}
        listed = self.reference.codes[target.codes] if target.codes else programmes
        for written in (key, key.replace(" ", "_")):  # "not asked" is our not_asked
            if written in listed:
                return self._newest(listed[written])
        if is_empty(text):
            return Parsed()
        if found := personal(text):
            return found
        details = {"value": quoted(text, shown)}
        if not target.open:
            return Parsed(None, (("R17", details),), stops=True)
        told = () if is_garbled(text, self.encoding) else (("R16", details),)  # F10 tells it
        return Parsed(listed.get("unknown"), told, is_unread=True)

    def _newest(self, code: str) -> Parsed:
        if code not in self.reference.successors:
            return Parsed(code)
        new, since = self.reference.successors[code]
        return Parsed(new, (("R15", {"old": code, "new": new, "date": since.isoformat()}),))


def error(text: str) -> Parsed | None:
    """What a spreadsheet shows where it could not compute is no value."""
    if not text.lstrip().startswith(_ERROR_STARTS):
        return None
    shown = text.strip().upper()
    return Parsed(None, (("R33", {"value": shown}),), stops=True) if _ERROR.fullmatch(shown) else None


def personal(text: str) -> Parsed | None:
    """Personal details are no code, and no answer to a yes or no."""
    return Parsed(None, (("R29", {}),), stops=True) if looks_personal(text) else None


def _with_doubtful(parsed: list[Parsed]) -> list[Parsed]:
    """R03 stays only where some date of the column can be read in the other order alone."""
    contrary = any(p.stops and p.value is not None for p in parsed)
    cleaned = []
    for one in parsed:
        if one.stops:
            one = Parsed(None, one.faults, stops=True)
        elif one.faults and not contrary:
            one = Parsed(one.value)
        cleaned.append(one)
    return cleaned


def _day(day: date, shown: bool, hidden: str) -> str:
    return day.isoformat() if shown else hidden


def _boolean(text: str, words: dict[str, str | None], shown: bool) -> Parsed:
    key = text.strip().casefold()
    key = (words[key] or "") if key in words else key
    if key in TRUE or key in FALSE:
        return Parsed(key in TRUE)
    if is_empty(key):
        return Parsed()
    if found := personal(text):
        return found
    return Parsed(None, (("R16", {"value": quoted(text, shown)}),))


def _worded(text: str, words: dict[str, str | None]) -> Parsed:
    key = text.strip().casefold()
    if key in words:
        return Parsed(words[key], is_nothing=words[key] is None)
    return Parsed(text.strip() or None)


def _number(text: str, shown: bool, whole: bool) -> Parsed:
    if is_empty(text):
        return Parsed()
    number = read_number(text)
    if number is None or "%" in text or (whole and ("£" in text or number != int(number))):
        return Parsed(None, (("R27", {"value": quoted(text, shown), "said": "is not a number"}),), stops=True)
    return Parsed(int(number) if whole else float(number))


def _interval(text: str, shown: bool, source: contract.Column) -> Parsed:
    read = read_interval(text, source.rounded_to, source.hidden_below)
    if read is None:
        return Parsed(None, (("R27", {"value": quoted(text, shown), "said": "is not a number"}),), stops=True)
    if not text.strip():
        return Parsed(read, (("R31", {}),), stops=True)
    if read.status == "over":
        return Parsed(
            read, (("R28", {"value": quoted(text, shown), "said": f"is stored as {read.lower} or more"}),)
        )
    if read.status == "hidden":
        return Parsed(
            read,
            (("R28", {"value": quoted(text, shown), "said": f"is stored as {read.lower} to {read.upper}"}),),
        )
    return Parsed(read)


def _as_text(cells: Texts, target: str) -> Converted:
    fine = Parsed()
    parsed = [error(text) or fine for text in cells.distinct]
    values = [None if p.stops else t.strip() or None for t, p in zip(cells.distinct, parsed, strict=True)]
    if target not in _NAMES:
        values = [None if text and is_empty(text) else text for text in values]
    if target == entities.PARTNER_REF:
        values = [None if text and text.casefold() in _PLACEHOLDERS else text for text in values]
    return Converted(typed(values, "varchar"), cells.codes, parsed)
