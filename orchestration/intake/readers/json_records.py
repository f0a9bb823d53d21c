"""JSON: an array of records, or one record a line; nested fields get dotted names."""

from __future__ import annotations

import json
from typing import Any

from orchestration.intake.readers.encoding import decode, encoding_of
from orchestration.intake.readers.table import RawTable, UnreadableFileError

Record = dict[str, str]
_SPLIT = ("columns", "data", "index")


def read_json(content: bytes, records_at: str | None, list_by: str) -> list[RawTable]:
    """Arrays of records as tables: the one at `records_at`, else every one at the top.

    Row n is the n-th record, as row 0 stand the field names. What stands beside the records is a table of
    its own, so that the period can be found in it. Only what the file names has a name. Raises
    `UnreadableFileError`.
    """
    document = _load(decode(content, encoding_of(content)))
    if isinstance(document, list):
        return [_table("", document, list_by)]
    if records_at:
        records = _at(document, records_at)
        return [_table(records_at, records, list_by), _beside(document)]
    if isinstance(document.get("columns"), list) and isinstance(document.get("data"), list):
        beside = {k: v for k, v in document.items() if k not in _SPLIT}
        return [_table("", _split(document["columns"], document["data"]), list_by), _beside(beside)]
    arrays = {name: value for name, value in document.items() if _is_records(value)}
    if not arrays and document and all(isinstance(value, list) for value in document.values()):
        return [_table("", _by_column(document), list_by)]
    if not arrays:  # one record a line, and only one line
        arrays = {"": [document]}
    return [*(_table(name, value, list_by) for name, value in arrays.items()), _beside(document)]


def _load(text: str) -> Any:
    try:
        return _parsed(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
        try:
            return [_parsed(line) for line in lines]
        except json.JSONDecodeError:
            raise UnreadableFileError(f"it is not valid JSON (line {error.lineno})") from error


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_without_doubles
        )
    except RecursionError as error:
        raise UnreadableFileError("it is nested too deeply") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise UnreadableFileError("one of its records has the same field twice")
    return fields


def _at(document: Any, path: str) -> list[Any]:
    for name in path.split("."):
        if not isinstance(document, dict) or name not in document:
            raise UnreadableFileError(f"it has no '{path}'")
        document = document[name]
    if not isinstance(document, list):
        raise UnreadableFileError(f"its '{path}' is not a list of records")
    return document


def _split(columns: list[Any], rows: list[Any]) -> list[dict[str, Any]]:
    """Records of a document that names its `columns` once and holds `data` as rows of as many cells."""
    names = [str(name) for name in columns]
    if len(set(names)) < len(names):
        raise UnreadableFileError("two of its fields have the same name")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(names):
            raise UnreadableFileError(f"its record {number} does not have as many values as it has fields")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _by_column(document: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Records of a document that holds a list of values for each field."""
    if len({len(values) for values in document.values()}) > 1:
        raise UnreadableFileError("its fields do not have as many values as each other")
    return _split(list(document), [list(row) for row in zip(*document.values(), strict=True)])


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(record, dict) for record in value)


def _table(sheet: str, records: list[Any], list_by: str) -> RawTable:
    flat: list[Record] = []
    for record in records:
        if not isinstance(record, dict):
            raise UnreadableFileError(f"its '{sheet}' holds something other than records")
        flat.append({})
        _flatten("", record, flat[-1], list_by)
    header = list(dict.fromkeys(_whole(name) for record in flat for name in record))
    rows = [[record.get(name, "") for name in header] for record in flat]
    table = RawTable.of(sheet, [header, *rows] if header else [])
    table.first_row, table.may_lack_columns = 0, True
    return table


def _flatten(prefix: str, value: Any, into: Record, list_by: str) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _flatten(f"{prefix}.{name}" if prefix else name, inner, into, list_by)
    elif isinstance(value, list) and any(isinstance(inner, (dict, list)) for inner in value):
        for number, inner in enumerate(value):
            _flatten(f"{prefix}.{number}", inner, into, list_by)
    elif prefix in into:
        raise UnreadableFileError(f"one of its records has the field '{prefix[:60]}' twice")
    else:
        into[prefix] = _joined(value, list_by) if isinstance(value, list) else _text(value)


def _joined(values: list[Any], list_by: str) -> str:
    """A list of words as one text, from which it can be made again."""
    texts = [_text(value) for value in values]
    if any(list_by in text for text in texts):
        raise UnreadableFileError(f"one of its lists has a word with '{list_by}' in it")
    return list_by.join(texts)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else _whole(str(value))


def _whole(text: str) -> str:
    """The text, where every character of it is one: JSON can name halves of characters, and NUL."""
    if "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)):
        raise UnreadableFileError("one of its texts has half a character or a NUL in it")
    return text


def _beside(document: dict[str, Any]) -> RawTable:
    found: Record = {}
    for name, value in document.items():
        if not _is_records(value):
            _flatten(name, value, found, ";")
    return RawTable.of("(document)", [[name, value] for name, value in found.items()])
