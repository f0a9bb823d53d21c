"""A person's lines in an original are blanked; what else stands in it stays."""

from __future__ import annotations

import io

import openpyxl
import pytest

from orchestration.identity.redaction import Parted, parted


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["Ref", "Name"], ["R-1", "Canary"], ["R-2", "Finch"]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_what_does_not_name_the_person_stays_byte_for_byte() -> None:
    for content in (_workbook(), b"Ref\nR-10\n", b'{"rows": [ {"ref": "R-10"} ]}'):
        assert parted(content, {"R-1x"}) == Parted(content)


def test_a_workbook_loses_formulas_merged_rows_and_what_hangs_on_them() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_workbook()))
    book.active.append([None, "Canary's second line"])
    book.active["C2"] = "=1+1"
    book.active.merge_cells("A3:A4")
    book.active["A3"] = "R-9"
    buffer = io.BytesIO()
    book.save(buffer)
    found = parted(buffer.getvalue(), {"R-9"})
    assert found.lines == ["R-9\tFinch\t", "Canary's second line\t"]
    after = openpyxl.load_workbook(io.BytesIO(found.rest or b"")).active
    assert list(after.values)[1:] == [("R-1", "Canary"), (None, None), (None, None)]


def test_a_workbook_keeps_its_other_rows() -> None:
    book = openpyxl.load_workbook(io.BytesIO(parted(_workbook(), {"R-1"}).rest or b""))
    assert list(book.active.values) == [("Ref", "Name"), (None, None), ("R-2", "Finch")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"Ref;Name\r\nR-1;Canary\r\nR-10;Finch\r\n", b"Ref;Name\r\n;\r\nR-10;Finch\r\n"),
        (b'Ref,Name\n"r-1 ","Canary, W"\n', b"Ref,Name\n,\n"),
        ("Ref\tName\nR-1\tCanary\n".encode("utf-16"), "Ref\tName\n\t\n".encode("utf-16")),
        (b'{"rows": [{"ref": "R-1", "who": {"name": "Canary"}}, {"ref": "R-2"}]}',
         b'{"rows": [{"ref": null, "who": null}, {"ref": "R-2"}]}'),
        (b'Ref,Home,Sex\nR-1,"7 Row\nRotherham, S60",f\nR-2,"a ""b""",m\n',
         b'Ref,Home,Sex\n,"\n",\nR-2,"a ""b""",m\n'),
        (b'Ref,Height\nR-2,5"\nR-1,6"\nR-3,"\nR-4,5\n', b'Ref,Height\nR-2,5"\n,\nR-3,"\nR-4,5\n'),
        ("Ref,Name\nR-1,\u00c5sa Canary\nR-2,\u00c5\n".encode(), "Ref,Name\n,\nR-2,\u00c5\n".encode()),
        (b"Ref,Name\nR-1,\xc5sa\nR-2,\xc5\x85\n", b"Ref,Name\n,\nR-2,\xc5\x85\n"),
        (b"\xff\xfeR", None),
        (b'{"rows": [', None),
        (b"\xd0\xcf\x11\xe0 legacy", None),
        (b"PK no workbook", None),
    ],
)  # fmt: skip
def test_a_persons_lines_are_blanked(content: bytes, expected: bytes | None) -> None:
    assert parted(content, {"R-1", ""}).rest == expected
