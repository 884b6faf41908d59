"""Text of others, made safe for terminals and logs: no control characters, and no lines that look like AsyncTask's."""

import re
from typing import Final

_HIDDEN: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tab and newline
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069"  # change the direction of the text after them
    "\u2028\u2029"  # separators of lines and paragraphs
    "\u2060-\u2065\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible characters
    "\ud800-\udfff"  # surrogates, with which Python marks bytes that are not UTF-8
    "]"
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TAB: Final = "    "


def escaped(text: str) -> str:
    r"""The text with control and hidden characters written as `\x1b` or `\u202e`; newlines and tabs stay.

    A byte that is not UTF-8, as `os.fsdecode` gives it, is written `\xe9`, as in a shell's `$'…'`.
    """
    return _HIDDEN.sub(_escape, text)


def utf8(text: str) -> bytes:
    r"""The text as UTF-8; bytes that are not UTF-8 are written `\xe9` as in `escaped`, lone surrogates `\ud800`."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub(_escape, text).encode()


def one_line(text: str) -> str:
    r"""The text on one line: newlines and tabs are written `\n` and `\t`."""
    return escaped(text).replace("\n", "\\n").replace("\t", "\\t")


def indented(text: str, indent: str = _TAB) -> str:
    """The text on its lines; each after the first begins with `indent`, so that it does not look like a new message."""
    lines = escaped(text.replace("\r\n", "\n")).replace("\t", _TAB).split("\n")
    return f"\n{indent}".join(lines)


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in _SHORT:
        return _SHORT[sign]
    number = ord(sign)
    if 0xDC80 <= number <= 0xDCFF:
        number -= 0xDC00
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
