"""Figures as bytes: CSV and Parquet that are the same bytes for the same figures."""

from __future__ import annotations

import csv
import hashlib
import io
import math

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.publishing.columns import DATES, FRACTIONS, NUMBERS, PLACES, WHOLE
from orchestration.publishing.protect import Protected


def as_text(cells: pd.DataFrame) -> pd.DataFrame:
    """Released columns as they are written: pounds with two decimals, shares with six, counts whole."""
    text = cells.astype(object)
    units = cells["unit"].tolist()
    for column in [c for c in NUMBERS if c in cells.columns]:
        is_fraction = column in FRACTIONS
        text[column] = [
            _number(v, u, is_fraction) for v, u in zip(cells[column].tolist(), units, strict=True)
        ]
    for column in [c for c in WHOLE if c in cells.columns]:
        text[column] = ["" if math.isnan(v) else f"{v:.0f}" for v in cells[column].tolist()]
    return text.astype(str)


def csv_bytes(text: pd.DataFrame) -> bytes:
    """Tidy CSV: UTF-8, header first, lines ended by LF."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(text.columns)
    writer.writerows(zip(*(text[c].tolist() for c in text.columns), strict=True))
    return written.getvalue().encode()


def parquet_bytes(text: pd.DataFrame, stamp: str) -> bytes:
    """Typed Parquet of the same figures; `stamp` stands in the schema's metadata."""
    arrays = [pa.array(text[c].tolist(), pa.string()) for c in text.columns]
    fields = [(name, _arrow_type(name)) for name in text.columns]
    schema = pa.schema(fields, metadata={"stamp": stamp})
    typed = [_typed(array, kind) for array, (_, kind) in zip(arrays, fields, strict=True)]
    written = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(typed, schema=schema), written, compression="zstd")
    return written.getvalue()


def protected_hash(protected: Protected) -> str:
    """SHA-256 of every protected cell with its audience: what a verdict is given on."""
    return hashlib.sha256(csv_bytes(as_text(protected.cells))).hexdigest()


def _number(value: float, unit: str, is_fraction: bool) -> str:
    if math.isnan(value):
        return ""
    if is_fraction and unit in PLACES:
        return f"{value:.{PLACES[unit]}f}"
    if value == math.floor(value):
        return f"{value:.0f}"
    return f"{value:.2f}" if not is_fraction else f"{value:.6f}"


def _arrow_type(column: str) -> pa.DataType:
    if column in DATES:
        return pa.date32()
    if column in WHOLE:
        return pa.int32()
    if column in FRACTIONS:
        return pa.decimal128(18, 6)
    if column in NUMBERS:
        return pa.decimal128(18, 2)
    return pa.string()


def _typed(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if kind == pa.string():
        return array
    blank = pc.equal(array, "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), array).cast(kind)
