"""Files made to harm: each is a finding, and the next file goes through."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from orchestration.intake import inbox, reading
from orchestration.intake.readers import UnreadableFileError
from orchestration.intake.reading import Reader
from tests.conftest import LOOK_AGAIN
from tests.intake.makers import check, contract, file, rules_of, settings


def _book(change: str = "", by: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["ID", "Started"])
    out = io.BytesIO()
    book.save(out)
    if not change:
        return out.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, text.replace(change, by) if name.endswith("sheet1.xml") else text)
    return changed.getvalue()


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container,
        container.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(1100):
            part.write(bytes(1 << 20))
    return out.getvalue()


def _zip_of(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("r.csv", content)
    return out.getvalue()


ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet'
HOSTILE = {
    "a zip bomb": _zip_bomb,
    "an XML bomb": lambda: _book("<worksheet", ENTITIES),
    "two cells at opposite corners": lambda: _book(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    ),
    "a truncated workbook": lambda: _book()[:-300],
    "a zip that is no workbook": lambda: b"PK\x03\x04" + bytes(200),
    "an encrypted workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "a document": lambda: b"%PDF-1.7\n1 0 obj",
    "a web page": lambda: b"<html><table><tr><td>ID</td></tr></table></html>",
    "NUL bytes": lambda: file({}) + b"A9,\x00" * 3000,
    "NUL bytes far down": lambda: file({}) * 200 + b"\x00",
    "a million columns": lambda: b",".join([b"x"] * 1_000_000),
    "a huge line": lambda: b"ID,Started\nA1," + b"x" * 5_000_000,
    "deep JSON": lambda: b"[" * 200_000,
    "an open quotation mark": lambda: b'ID,Started\n"A1,' + b"x,y\n" * 1000,
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hostile_file_is_a_finding_and_the_next_goes_through(tmp_path: Path, kind: str) -> None:
    verdict = check(tmp_path, HOSTILE[kind](), contract(kind="workbook"))
    assert verdict.submission.status == "rejected"
    assert rules_of(verdict) & {"F01", "F05"}, verdict.findings
    assert check(tmp_path, file({})).submission.status == "accepted"


def _blank_book() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b" \r\n\n", b"\xef\xbb\xbf", b",,\n,,\n", b"[]", _blank_book()])
def test_an_empty_file_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    verdict = check(tmp_path, content)
    [told] = verdict.findings
    assert (verdict.submission.status, told.rule_id) == ("rejected", "F01")
    assert "it is empty" in told.message


@pytest.mark.parametrize("pack", [_zip_of, gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_return_is_to_be_unpacked(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    [told] = check(tmp_path, pack(file({}))).findings
    assert "must be unpacked first" in told.message


def test_a_reader_that_hangs_or_dies_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(seconds=1)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(reading, "sys", type("Other", (), {"executable": "/bin/cat"}))
            with pytest.raises(UnreadableFileError, match="fail"):
                reader.read(b"a,b", [], None, ";")
        reader.started()
        assert reader._child is not None
        reader._child.kill()
        time.sleep(0.1)
        assert list(reader.read(b"a,b\n1,2\n", [], None, ";")[0].rows) == [["a", "b"], ["1", "2"]]
        monkeypatch.setattr(reader, "_seconds", 0)
        with pytest.raises(UnreadableFileError, match="long"):
            reader.read(b"a,b\n1,2\n" * 100_000, [], None, ";")
    finally:
        reader.close()


def _names(home: Path) -> list[str]:
    return [one.path.name for one in inbox.pending("sample", settings(home))]


def test_a_link_is_not_followed_and_a_folder_of_links_not_entered(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(file({}))
    folder = tmp_path / "landing" / "sample"
    folder.mkdir(parents=True)
    (folder / "r_2026-01.csv").symlink_to(secret)
    [one] = inbox.pending("sample", settings(tmp_path))
    assert one.refused
    assert b"A1" not in one.content
    (tmp_path / "landing" / "other").symlink_to(folder, target_is_directory=True)
    assert inbox.pending("other", settings(tmp_path)) == []


def test_a_file_beyond_all_measure_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_BYTES", 10)
    folder = tmp_path / "landing" / "sample"
    folder.mkdir(parents=True)
    (folder / "r_2026-01.csv").write_bytes(file({}))
    [one] = inbox.pending("sample", settings(tmp_path))
    assert one.refused
    assert one.content == b""
    assert b"".join(one.parts()) == file({})


def test_a_file_that_is_still_being_written_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "LOOK_AGAIN_SECONDS", LOOK_AGAIN)
    folder = tmp_path / "landing" / "sample"
    folder.mkdir(parents=True)
    for name in ("whole.csv", "growing.csv", "half.csv.part", ".hidden.csv", "~$open.xlsx"):
        (folder / name).write_bytes(b"ID\n")
    done = threading.Event()

    def write() -> None:
        with (folder / "growing.csv").open("ab", buffering=0) as growing:
            while not done.is_set():
                growing.write(b"A1\n")
                time.sleep(0.4)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert _names(tmp_path) == ["whole.csv"]
    finally:
        done.set()
        writer.join()
    assert _names(tmp_path) == ["growing.csv", "whole.csv"]
