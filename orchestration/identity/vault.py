"""The vault: the only place that stores what identifies a person.

It lies in a folder of its own that only its owner may enter: `vault.db` (identifiers by record key,
and the links between records), `originals/` (received files, encrypted) and, unless they are
mounted from elsewhere, the keys.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

from orchestration.identity.derive import Places, derive
from orchestration.identity.errors import VaultError
from orchestration.identity.files import private_file, private_folder
from orchestration.identity.keys import Keys, next_keys
from orchestration.identity.known_links import LINK_SCHEMA, Known, frame, replace_rows
from orchestration.identity.matching import MATCH_COLUMNS, match_values
from orchestration.identity.originals import Originals
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.identity.linking import Links

__all__ = ["Vault", "VaultError"]

NAMES = ("forename", "surname", "full_name")
IDENTIFIERS = (*NAMES, "date_of_birth", "age", "nino", "uln", "postcode", "address")
# Columns that end here: what identifies, and what was needed only to derive from it.
STAYS = (*IDENTIFIERS, "partner_ref", "reference_date")
RECORD_COLUMNS = ("return_id", "submission_id", "partner_ref", *IDENTIFIERS, *MATCH_COLUMNS)
BUSY_SECONDS = 600  # another worker may be keeping a million people
SPILL = "spill-"
ROWS_AT_ONCE = 100_000
VERSION = 2  # of the tables

SCHEMA = (
    "create table if not exists vault (key_fingerprint text not null)",
    f"create table if not exists records (record_key text primary key, {' text, '.join(RECORD_COLUMNS)} text)"
    " without rowid",
    *LINK_SCHEMA,
    "create table if not exists exchanges (old_key text primary key, new_key text not null) without rowid",
)


class Vault:
    """The vault of one home; use as a context manager or `close` it."""

    def __init__(self, settings: Settings, keys: Keys, connection: sqlite3.Connection) -> None:
        """Hold an open vault; `Vault.open` makes one."""
        self.keys = keys
        self._settings = settings
        self._connection = connection
        self._originals = Originals(settings.vault / "originals", keys)

    @classmethod
    def open(cls, settings: Settings) -> Vault:
        """Open the home's vault, made when new, with its keys.

        Raises `KeysError` for the keys, `VaultError` when the vault cannot be read, is open to others, is
        not theirs, or its keys are just being renewed.
        """
        _make_private(settings.vault)
        if next_keys(settings.vault).exists():
            raise VaultError("Renewing the keys was interrupted. Finish it with 'pathways person rotate'.")
        return cls.with_keys(settings, Keys.open(settings.vault))

    @classmethod
    def with_keys(cls, settings: Settings, keys: Keys) -> Vault:
        """Open the vault with given keys. Raises `VaultError`."""
        path = settings.vault / "vault.db"
        # On storage that several machines share, SQLite's own log does not work.
        connection = _connect(path, "wal" if isinstance(settings.control_db, Path) else "delete")
        try:
            _check_keys(connection, keys, path)
        except BaseException:
            connection.close()
            raise
        return cls(settings, keys, connection)

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The database, for the other modules of this room."""
        return self._connection

    @property
    def originals(self) -> Originals:
        """Received files, encrypted."""
        return self._originals

    def keep_original(self, submission_id: str, content: bytes | Iterable[bytes]) -> None:
        """Encrypt a received file, whole or in parts; on return it is safely on disk. Again is a no-op."""
        self._originals.keep(submission_id, content)

    def original(self, submission_id: str) -> bytes:
        """Return a received file as it came. Raises `VaultError` when it cannot be had."""
        return self._originals.read(submission_id)

    def holds(self, submission_id: str) -> bool:
        """Whether there is an original of a submission."""
        return submission_id in self._originals.kept()

    def pseudonymise(self, return_id: str, submission_id: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Keep who the participants are, and give the frame back without it.

        `frame` has partner_ref, its record_key where that is made already, and as far as known
        reference_date (first start, else referral), the identifiers and area_code; the same reference may
        come in several rows. Rows, order and index stay; identifiers, partner_ref and reference_date give
        way to record_key, age_band_code, is_aged_16_to_30, area_code, imd_decile and imd_year. Raises
        `VaultError`, and keeps nothing.
        """
        refs = frame["partner_ref"].astype("str").fillna("").str.strip()
        if blank := int((refs == "").sum()):
            raise VaultError(f"{return_id}: {blank} participants have no reference of the partner's own.")
        try:
            record_key = frame.get("record_key")
            if record_key is None:
                record_key = pd.Series(self.keys.record_keys(return_id, refs), frame.index, dtype="str")
            derived = derive(frame, self._places)
            self._keep(return_id, submission_id, frame.assign(partner_ref=refs), record_key)
        except Exception as error:  # whatever it is, its message may quote a person
            kind = type(error).__name__
            raise VaultError(f"{return_id}: the participants could not be pseudonymised ({kind}).") from None
        kept = frame.drop(
            columns=[name for name in (*STAYS, "record_key", *derived.columns) if name in frame]
        )
        return pd.concat([kept, record_key.rename("record_key"), derived], axis=1)

    def records(self) -> pd.DataFrame:
        """Return record_key and match columns of every record, in an order that no key decides."""
        columns = ("return_id", "partner_ref", "record_key", *MATCH_COLUMNS)
        return frame(self._connection, "records", columns).drop(columns=["return_id", "partner_ref"])

    def known(self, version: str) -> Known:
        """What earlier links and people decided, with the model of a version."""
        return Known.read(self._connection, version)

    def keep_links(self, links: Links, version: str) -> None:
        """Keep new links in place of the earlier ones, and the model that they were made with."""
        with self.transaction():
            for table in ("persons", "edges", "reviews"):
                replace_rows(self._connection, table, getattr(links, table))
            if links.model:
                model = (version, links.model.content, links.model.reason, links.model.pairs)
                self._connection.execute("insert or replace into models values (?, ?, ?, ?)", model)

    @contextmanager
    def spill(self) -> Iterator[Path]:
        """A folder in the vault for what memory does not hold, gone afterwards; for one command at a time.

        Until then libraries put their temporary files there too: openpyxl writes each sheet into one.
        """
        for left in self._settings.vault.glob(f"{SPILL}*"):  # by a command that was killed
            shutil.rmtree(left)
        before = tempfile.tempdir
        with TemporaryDirectory(prefix=SPILL, dir=self._settings.vault) as folder:
            tempfile.tempdir = folder
            try:
                yield Path(folder)
            finally:
                tempfile.tempdir = before

    @cached_property
    def _places(self) -> Places:
        return Places.of(self._settings)

    def _keep(self, return_id: str, submission_id: str, frame: pd.DataFrame, record_key: pd.Series) -> None:
        known = pd.DataFrame({"record_key": record_key, "partner_ref": frame["partner_ref"]})
        for name in IDENTIFIERS:
            known[name] = _text(frame[name]) if name in frame else None
        known = known.assign(**match_values(known, self._settings.is_synthetic))
        if not known["record_key"].is_unique:
            known = known.groupby("record_key", as_index=False).last()  # the last that is not blank
        known = known.dropna(axis="columns", how="all").sort_values("record_key")
        with self.transaction():
            for start in range(0, len(known), ROWS_AT_ONCE):
                part = known[start : start + ROWS_AT_ONCE]
                part = part.assign(return_id=return_id, submission_id=submission_id)
                values = (part[name].to_numpy("object", na_value=None) for name in part)  # type: ignore[call-overload]
                self._connection.executemany(_upsert(part.columns), zip(*values, strict=True))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        self._connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")


def _make_private(folder: Path) -> None:
    """Let nobody but the owner in, and make sure that this holds: some mounts know no rights."""
    try:
        private_folder(folder)
    except PermissionError:
        raise VaultError(f"{folder} belongs to another user. Run Pathways as its owner.") from None
    found = folder.stat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise VaultError(
            f"Others can enter {folder}, whatever rights are set. Put the vault on storage that keeps rights."
        )


def _connect(path: Path, journal_mode: str) -> sqlite3.Connection:
    # SQLite gives its journal files the rights of the database.
    connection = sqlite3.connect(private_file(path), timeout=BUSY_SECONDS, isolation_level=None)
    try:
        # No identifier in temporary files, none left behind in freed pages.
        for pragma in (
            f"journal_mode = {journal_mode}",
            "synchronous = full",
            "temp_store = memory",
            "secure_delete = on",
        ):
            connection.execute(f"pragma {pragma}")
        connection.execute("begin immediate")  # a vault is made whole or not at all
        (version,) = connection.execute("pragma user_version").fetchone()
        (tables,) = connection.execute("select count(*) from sqlite_master").fetchone()
        if tables and version != VERSION:
            raise VaultError(
                f"{path} was made by another version of Pathways. Use that version, or a new home."
            )
        for statement in (*SCHEMA, f"pragma user_version = {VERSION}"):
            connection.execute(statement)
        connection.execute("commit")
    except VaultError:
        connection.close()
        raise
    except sqlite3.Error as error:
        connection.close()
        raise VaultError(f"The vault {path} cannot be used ({error}). Restore it from a backup.") from error
    return connection


def _check_keys(connection: sqlite3.Connection, keys: Keys, path: Path) -> None:
    found = connection.execute("select key_fingerprint from vault").fetchone()
    if found is None:
        connection.execute("insert into vault (key_fingerprint) values (?)", (keys.fingerprint(),))
    elif found[0] != keys.fingerprint():
        raise VaultError(f"The keys are not those of {path}. Mount the keys that this vault was made with.")


def _upsert(columns: Iterable[str]) -> str:
    """New records in place of earlier ones; a blank in a later file does not take back what one said."""
    names = list(columns)
    told = ", ".join(f"{n} = coalesce(excluded.{n}, {n})" for n in names if n != "record_key")
    return (
        f"insert into records ({', '.join(names)}) values ({', '.join('?' * len(names))})"  # noqa: S608 (our own column names)
        f" on conflict (record_key) do update set {told}"
    )


def _text(column: pd.Series) -> pd.Series:
    """Text for the vault; dates as ISO, blanks as NA."""
    if column.dtype.kind == "M":
        codes, days = pd.factorize(column)
        return (
            pd.Series(pd.DatetimeIndex(days).strftime("%Y-%m-%d"), dtype="str")
            .reindex(codes)
            .set_axis(column.index)
        )
    text = column.astype("str").str.strip()
    return text.mask(text == "")
