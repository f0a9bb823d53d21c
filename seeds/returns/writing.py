"""Bytes of delimited files, JSON and workbooks that are the same on every machine and every day."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook

FIXED = "2026-01-01T00:00:00Z"


def delimited(
    rows: Iterable[Sequence[Any]], delimiter: str = ",", encoding: str = "utf-8", newline: str = "\r\n"
) -> bytes:
    """A delimited text file; dates must be text already."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return text.getvalue().encode(encoding)


def json_bytes(head: dict[str, Any], name: str, records: list[dict[str, Any]]) -> bytes:
    """A JSON object: `head`, then the array `name` with a record a line."""
    start = json.dumps(head, ensure_ascii=False).removesuffix("}")
    lines = ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in records)
    return f'{start}, "{name}": [\n{lines}\n]}}\n'.encode()


def workbook_bytes(book: Workbook) -> bytes:
    """An .xlsx without the clock in it; stored, since compressors differ between machines."""
    saved = io.BytesIO()
    book.save(saved)
    out = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", FIXED.encode(), content)
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def british(day: date | None) -> str:
    """dd/mm/yyyy, or empty."""
    return day.strftime("%d/%m/%Y") if day else ""


def iso(day: date | None) -> str:
    """yyyy-mm-dd, or empty."""
    return day.isoformat() if day else ""


def moment(day: date | None) -> datetime | None:
    """Midnight of a day, which a workbook shows as a date; or an empty cell."""
    return datetime.combine(day, time()) if day else None


def excel_serial(day: date | None) -> int | None:
    """The number that Excel stores for a day."""
    return (day - date(1899, 12, 30)).days if day else None
