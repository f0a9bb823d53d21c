"""What a text reads like without the characters that nobody sees or means."""

from __future__ import annotations

import re

# Control characters, soft hyphens, zero-width blanks, and marks of direction or byte order.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
# Letters and digits as wide as an ideograph; not superscripts, because 5² is no 52.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)


def plain(text: str) -> str:
    """The text without invisible characters and needless blanks; `="012"`, as Excel quotes, is 012."""
    if text.isascii() and text.isprintable() and "  " not in text and text[:1] != "=":
        return text
    text = " ".join(_UNSEEN.sub("", text).translate(_WIDE).split())
    kept = _QUOTED.fullmatch(text)
    return kept[1].strip() if kept else text
