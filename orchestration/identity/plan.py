"""The numbers that decide about links: thresholds and limits, from `linkage.toml`, explained there."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.identity import model, pairs

SETTINGS_FILE = Path(__file__).with_name("linkage.toml")


@dataclass(frozen=True)
class Plan:
    """The numbers of `linkage.toml`, explained there."""

    link: float
    review: float
    crowd: int
    enough_pairs: int
    retrain_factor: float
    lookalikes: dict[str, float]

    @classmethod
    def read(cls) -> Plan:
        """Read `linkage.toml`."""
        return cls(**tomllib.loads(SETTINGS_FILE.read_text("utf-8")))

    @cached_property
    def version(self) -> str:
        """Name of what decides about links besides the records: these numbers, and the model's rules."""
        files = [SETTINGS_FILE, Path(model.__file__), Path(pairs.__file__)]
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
