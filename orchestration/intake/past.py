"""What a return has told before: its accepted files in use, as the rules over time see them."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.control.records import AcceptedFile
from orchestration.intake.across import Across
from orchestration.intake.batch import Batch
from orchestration.intake.contract import Contract
from orchestration.intake.frames import read_notes
from orchestration.intake.prepare import Prepared
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.control.store import Store

_TOLD = ["record_key", "programme_id", "start_date"]
_NONE_TOLD = pd.DataFrame({name: [] for name in _TOLD}).astype(
    {"record_key": "str", "programme_id": "str", "start_date": "datetime64[s]"}
)


class Past:
    """The accepted files of one return.

    They are looked up anew for each file, because the one before may have been accepted.
    """

    def __init__(self, return_id: str, settings: Settings, store: Store) -> None:
        self._return_id, self._settings, self._store = return_id, settings, store
        self._last: list[AcceptedFile] = []
        self._read: dict[Path, pd.DataFrame] = {}
        self.known_starts = self._starts([])

    def look_back(self, file: Prepared, contract: Contract, across: Across) -> None:
        """Let the rules see what stood when `file` came: the last file, and all that is known."""
        used = self._used()
        known: list[AcceptedFile] = []
        if contract.scope == "period" and file.period:
            known = [f for f in used if (f.period_start, f.period_end) != file.period]
        self._last = self._before(used, file)
        self.known_starts = self._starts(known)
        across.remember("last", self._by_entity(self._last))
        across.remember("known", self._by_entity(known))

    def layout(self, file: Prepared) -> tuple[str, dict[str, list[str]]] | None:
        """Name and headers of the last file, where there was one and this one could be read."""
        if not self._last or not file.layout:
            return None
        notes = read_notes(self._path(self._last[0]))
        return notes["file"], json.loads(notes["layout"])

    def starts_told(self, batch: Batch) -> pd.DataFrame:
        """Starts of the return in use, and of a return by period those of the whole batch."""
        starts = self._starts(self._used())
        pending = batch.frames.get("starts")
        if (
            pending is None
            or "record_key" not in pending
            or any(f.period is None for f in batch.files.values())
        ):
            return starts
        possible = pending["start_date"] <= pending["received_on"]
        return pd.concat([starts, pending.loc[possible, _TOLD]], ignore_index=True)

    def _used(self) -> list[AcceptedFile]:
        return [
            f for f in self._store.accepted_in_use(self._settings.as_at) if f.return_id == self._return_id
        ]

    def _before(self, used: list[AcceptedFile], file: Prepared) -> list[AcceptedFile]:
        """Files of the submission that `file` follows: the register in use, or the latest earlier period."""
        if file.period is None:
            return []
        extracts = {s.submission_id: s.extract_date for s in self._store.submissions(self._return_id)}
        ends = {}
        for one in used:
            stated = one.period_end or extracts[one.submission_id] or date.min
            is_register = one.period_end is None
            if stated < file.period[1] or (is_register and stated <= (file.extract_date or file.period[1])):
                ends[one.submission_id] = stated
        latest = max(ends, key=lambda submission_id: ends[submission_id], default=None)
        return [f for f in used if f.submission_id == latest]

    def _by_entity(self, files: list[AcceptedFile]) -> dict[str, list[Path]]:
        paths: dict[str, list[Path]] = defaultdict(list)
        for file in files:
            paths[file.entity].append(self._path(file))
        return paths

    def _path(self, file: AcceptedFile) -> Path:
        return self._settings.home / file.path

    def _starts(self, files: list[AcceptedFile]) -> pd.DataFrame:
        told = [self._told(self._path(f)) for f in files if f.entity == "starts"]
        return pd.concat([_NONE_TOLD, *told], ignore_index=True) if told else _NONE_TOLD

    def _told(self, path: Path) -> pd.DataFrame:
        """Starts of one accepted file; it never changes, so it is read once."""
        if path not in self._read:
            read = pd.read_parquet(path, columns=_TOLD)
            self._read[path] = read.astype({"start_date": "datetime64[s]"})
        return self._read[path]
