"""A person's lines in an original are blanked; what else stands in it stays."""

from __future__ import annotations

import io

import openpyxl
import pytest

from orchestration.identity.redaction import blanked


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["Ref", "Name"], ["R-1", "Canary"], ["R-2", "Finch"]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_keeps_its_other_rows() -> None:
    book = openpyxl.load_workbook(io.BytesIO(blanked(_workbook(), {"R-1"}) or b""))
    assert list(book.active.values) == [("Ref", "Name"), (None, None), ("R-2", "Finch")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"Ref;Name\r\nR-1;Canary\r\nR-10;Finch\r\n", b"Ref;Name\r\n;\r\nR-10;Finch\r\n"),
        (b'Ref,Name\n"r-1 ","Canary, W"\n', b"Ref,Name\n,,\n"),
        ("Ref\tName\nR-1\tCanary\n".encode("utf-16"), "Ref\tName\n\t\n".encode("utf-16")),
        (b'{"rows": [{"ref": "R-1", "who": {"name": "Canary"}}, {"ref": "R-2"}]}',
         b'{"rows": [{"ref": null, "who": null}, {"ref": "R-2"}]}'),
        (b"\xd0\xcf\x11\xe0 legacy", None),
        (b"PK no workbook", None),
    ],
)  # fmt: skip
def test_a_persons_lines_are_blanked(content: bytes, expected: bytes | None) -> None:
    assert blanked(content, {"R-1", ""}) == expected
