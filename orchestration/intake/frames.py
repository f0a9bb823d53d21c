"""Standardised records as Arrow tables and accepted Parquet, exactly by the entity schema."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.intake.entities import ENTITIES

_TYPES = {"varchar": pa.string(), "date": pa.date32(), "boolean": pa.bool_(), "integer": pa.int32()}


def arrow_type(data_type: str) -> pa.DataType:
    """Arrow type of a data type of the entity schema."""
    if data_type.startswith("decimal("):
        precision, scale = data_type.removeprefix("decimal(").rstrip(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    return _TYPES[data_type]


def to_arrow(frame: pd.DataFrame | None, entity: str, extra: Mapping[str, pa.DataType]) -> pa.Table:
    """Records of an entity by its schema, a missing column empty, with `extra` columns at the end."""
    wanted = {c.name: arrow_type(c.data_type) for c in ENTITIES[entity].columns} | dict(extra)
    schema = pa.schema(list(wanted.items()))
    if frame is None or not len(frame):
        return schema.empty_table()
    columns = [_column(frame[n], t) if n in frame else pa.nulls(len(frame), t) for n, t in wanted.items()]
    return pa.Table.from_arrays(columns, schema=schema)


def _column(values: pd.Series, wanted: pa.DataType) -> pa.Array:
    array = pa.array(values, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_decimal(wanted) and pa.types.is_floating(array.type):
        # Pounds and hours have two decimals: exact in whole hundredths, which a float holds up to 10^13.
        hundredths = pc.cast(pc.round(pc.multiply(array, 10.0**wanted.scale)), pa.int64())
        whole = pc.cast(hundredths, pa.decimal128(19, 0))
        return pc.cast(pc.multiply(whole, pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))), wanted)
    return pc.cast(array, wanted)


def write_parquet(frame: pd.DataFrame, entity: str, path: Path, notes: Mapping[str, str]) -> tuple[int, str]:
    """Write records, ordered by sheet and row, the file whole or not at all; give rows and SHA-256."""
    ordered = frame.sort_values(["source_sheet", "source_row"], kind="stable")
    table = to_arrow(ordered, entity, {}).replace_schema_metadata(dict(notes))
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    content = buffer.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return table.num_rows, hashlib.sha256(content).hexdigest()


def read_notes(path: Path) -> dict[str, str]:
    """The notes that an accepted file was written with."""
    metadata = pq.read_schema(path).metadata or {}
    return {key.decode(): value.decode() for key, value in metadata.items()}
