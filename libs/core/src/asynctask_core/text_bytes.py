"""Decodes text that people wrote: files and stdin."""

import codecs
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class NotUtf8(ValueError):
    """Bytes are not UTF-8. The message completes a sentence that begins with "it"."""


def text_of(raw: bytes) -> str:
    """The text of UTF-8; a byte order mark before it, which some editors write, is left out.

    Raises:
        NotUtf8: `raw` is not UTF-8.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            raise NotUtf8(f"begins with the byte order mark of {name}")
    if b"\0" in raw[:2]:
        raise NotUtf8("looks like UTF-16 without a byte order mark")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        before = len(raw[: error.start].decode())
        raise NotUtf8(f"has the byte \\x{raw[error.start]:02x} after {before} characters") from error
