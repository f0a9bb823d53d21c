"""JSON: an array of records, or one record a line; nested fields get dotted names."""

from __future__ import annotations

import json
from typing import Any

from orchestration.intake.readers.delimited import decode
from orchestration.intake.readers.table import RawTable, UnreadableFileError

Record = dict[str, str]
_SPLIT = ("columns", "data", "index")


def read_json(content: bytes, records_at: str | None, list_by: str) -> list[RawTable]:
    """Arrays of records as tables: the one at `records_at`, else every one at the top.

    Row n is the n-th record, as row 0 stand the field names. What stands beside the records is a table of
    its own, so that the period can be found in it. Raises `UnreadableFileError`.
    """
    document = _load(decode(content))
    if isinstance(document, list):
        return [_table("records", document, list_by)]
    if records_at:
        records = _at(document, records_at)
        return [_table(records_at, records, list_by), _beside(document)]
    if _is_split(document):
        rows = [dict(zip(document["columns"], row, strict=True)) for row in document["data"]]
        return [
            _table("data", rows, list_by),
            _beside({k: v for k, v in document.items() if k not in _SPLIT}),
        ]
    arrays = {name: value for name, value in document.items() if _is_records(value)}
    return [*(_table(name, value, list_by) for name, value in arrays.items()), _beside(document)]


def _load(text: str) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            return [json.loads(line, parse_float=str, parse_int=str, parse_constant=str) for line in lines]
        except (json.JSONDecodeError, RecursionError):
            raise UnreadableFileError(f"it is not valid JSON (line {error.lineno})") from error
    except RecursionError as error:
        raise UnreadableFileError("it is nested too deeply") from error


def _at(document: Any, path: str) -> list[Any]:
    for name in path.split("."):
        if not isinstance(document, dict) or name not in document:
            raise UnreadableFileError(f"it has no '{path}'")
        document = document[name]
    if not isinstance(document, list):
        raise UnreadableFileError(f"its '{path}' is not a list of records")
    return document


def _is_split(document: Any) -> bool:
    """Whether it holds `columns` once and `data` as rows of as many cells."""
    columns, data = document.get("columns"), document.get("data")
    if not isinstance(columns, list) or not isinstance(data, list) or not data:
        return False
    if not all(isinstance(name, str) for name in columns) or len(set(columns)) != len(columns):
        return False
    return all(isinstance(row, list) and len(row) == len(columns) for row in data)


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(record, dict) for record in value)


def _table(sheet: str, records: list[Any], list_by: str) -> RawTable:
    flat: list[Record] = []
    for record in records:
        if not isinstance(record, dict):
            raise UnreadableFileError(f"its '{sheet}' holds something other than records")
        flat.append({})
        _flatten("", record, flat[-1], list_by)
    header = list(dict.fromkeys(name for record in flat for name in record))
    rows = [[record.get(name, "") for name in header] for record in flat]
    return RawTable(sheet, [header, *rows] if header else [], first_row=0, may_lack_columns=True)


def _flatten(prefix: str, value: Any, into: Record, list_by: str) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _flatten(f"{prefix}.{name}" if prefix else name, inner, into, list_by)
    elif isinstance(value, list) and not any(isinstance(inner, (dict, list)) for inner in value):
        into[prefix] = list_by.join(_text(inner) for inner in value)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _flatten(f"{prefix}.{number}", inner, into, list_by)
    else:
        into[prefix] = _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _beside(document: dict[str, Any]) -> RawTable:
    found: Record = {}
    for name, value in document.items():
        if not _is_records(value):
            _flatten(name, value, found, ";")
    return RawTable("(document)", [[name, value] for name, value in found.items()])
