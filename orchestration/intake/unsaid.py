"""Words of a file that name somebody in it, where they would be told outside the vault.

File names, sheets, headers and the words of a code column are the partner's own: a name slips into them
when cells have shifted, or a sheet is named after a person. Everybody but the partner reads `[name]`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd

from orchestration.intake.contract import Contract
from orchestration.intake.findings import Fault

NAME = "[name]"
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_NAMES = ("forename", "surname", "full_name")
_NUMBERS = ("partner_ref", "nino", "uln")
_SHORTEST, _SHORTEST_NUMBER = 3, 6
_MONTHS = {m.casefold() for m in (*calendar.month_name, *calendar.month_abbr)}


@dataclass(frozen=True)
class Unsaid:
    """`people`: participants of one file, as far as they were read; words of its contract are no names."""

    people: pd.DataFrame = field(repr=False)
    contract: Contract = field(repr=False)

    def plain(self, text: str) -> str:
        """The text, names in it left out."""
        words = _words(text) - self._known
        if not words or words.isdisjoint(self._names):
            return text
        return _WORD.sub(lambda found: NAME if self._is_name(found[0].casefold()) else found[0], text)

    def fault(self, fault: Fault) -> Fault:
        """A fault as everybody may read it."""
        details = {name: self.plain(text) for name, text in fault.details.items()}
        sheet, column = (text and self.plain(text) for text in (fault.sheet, fault.column))
        return replace(fault, details=details, sheet=sheet, column=column)

    def placed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Records, the sheets that they come from as everybody may read them."""
        sheets = {sheet: self.plain(sheet) for sheet in frame["source_sheet"].unique()}
        changed = {sheet: said for sheet, said in sheets.items() if said != sheet}
        return frame.assign(source_sheet=frame["source_sheet"].replace(changed)) if changed else frame

    def _is_name(self, word: str) -> bool:
        parts = {word, *word.split("-")}
        return not parts.isdisjoint(self._names) and not parts <= self._known

    @cached_property
    def _known(self) -> set[str]:
        return _MONTHS | _words(self.contract.model_dump_json())

    @cached_property
    def _names(self) -> set[str]:
        """Every word of a name, and every number that is long enough to be no other."""
        names = {word for word in _words(self._told(_NAMES)) if len(word) >= _SHORTEST}
        numbers = {text for text in self._told(_NUMBERS).split("\n") if len(text) >= _SHORTEST_NUMBER}
        return (names | numbers) - self._known

    def _told(self, columns: tuple[str, ...]) -> str:
        """What the columns say, each text once."""
        told = [np.asarray(self.people[c].dropna().unique(), "object") for c in columns if c in self.people]
        return "\n".join(str(text) for text in chain(*told)).casefold()


def _words(text: str) -> set[str]:
    words = set(_WORD.findall(text.casefold()))
    return words.union(*(word.split("-") for word in words if "-" in word))
