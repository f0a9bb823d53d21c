"""Bytes of a text file → which encoding they are in, and its text."""

from __future__ import annotations

import codecs
import re

from orchestration.intake.readers.table import UnreadableFileError

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# UTF-8 read as cp1252 somewhere on the way to us, or a character that was already lost.
_GARBLED = re.compile("\u00c3[\u0080-\u00bf\u0192\u2018-\u2122]|\u00e2\u20ac|\ufffd|\u00c2[\u00a0-\u00bf]")
# What letters of DOS and old Macintosh files look like in Windows-1252, and hardly anything else does.
_ELSEWHERE = re.compile(
    "[\u201a\u0192\u201e\u2020\u2021\u02c6\u2030\u2039\u02dc\u203a\u0152\u0178]|(?<=[a-z])[\u0160\u017d]"
)


def encoding_of(content: bytes) -> str:
    """UTF-8, UTF-16 or UTF-32 (a byte order mark or the bytes themselves say so), else Windows-1252."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding
    part = content[:4000]
    if part.count(0) * 20 > len(part):  # fewer are no halves of characters, but NULs in a text
        return "utf-16-le" if part[1::2].count(0) > part[0::2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decode(content: bytes, encoding: str) -> str:
    """Text in an encoding; raises `UnreadableFileError` where it is no text."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError("its characters are in no encoding that we know") from error
    if "\x00" in text:
        raise UnreadableFileError("it is not a text file, or holds NUL bytes")
    if sum(c < " " and c not in "\t\r\n\f\x1c\x1d\x1e\x1f" for c in text[:4000]) > 20:
        raise UnreadableFileError("it is not a text file")
    return text


def is_garbled(text: str, encoding: str) -> bool:
    """Whether some characters were lost or read wrongly before the file reached us, or by us.

    `encoding`: of the file it comes from, empty where that is no text file.
    """
    if text.isascii():
        return False
    return bool(_GARBLED.search(text) or (encoding == "cp1252" and _ELSEWHERE.search(text)))
