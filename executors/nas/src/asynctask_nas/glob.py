r"""Translates one gitignore pattern into a regular expression over bytes, exactly as git reads it.

The source of each rule is git's `wildmatch.c` and `dir.c`. Two rules are surprising:

- `?` and brackets match one byte, so a letter with two bytes in UTF-8 needs `??`.
- `**` right after the plain characters at the start of a pattern counts as if a slash were before it: `foo**/bar`
  matches `foobar` and `foo1/2/bar`.

The text between two `*`, or between two `**`, is matched at the first place where it fits and never tried elsewhere
(atomic groups): a later place could not help, and so no pattern takes more than quadratic time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SPECIAL = frozenset(b"*?[\\")
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset(b"0123456789")
_PRINTED = frozenset(range(0x20, 0x7F))
CLASSES = {
    b"alnum": _LETTERS | _DIGITS,
    b"alpha": _LETTERS,
    b"blank": frozenset(b" \t"),
    b"cntrl": frozenset(range(0x20)) | {0x7F},
    b"digit": _DIGITS,
    b"graph": _PRINTED - {0x20},
    b"lower": frozenset(b"abcdefghijklmnopqrstuvwxyz"),
    b"print": _PRINTED,
    b"punct": _PRINTED - {0x20} - _LETTERS - _DIGITS,
    b"space": frozenset(b" \t\n\r\v\f"),
    b"upper": frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    b"xdigit": _DIGITS | frozenset(b"abcdefABCDEF"),
}
"""Character classes of brackets: ASCII only, as git has them."""

_MEMBER = rf"\\[^\u0000]|\[:({'|'.join(name.decode() for name in CLASSES)}):\]|\[(?!:[^\]]*:\])"
SPELLING = (
    r"^(?!#)(?!!?/? *$)!?("
    r"[^\\\[\u0000]|\\[^\u0000]"
    rf"|\[[!^]?({_MEMBER}|[^\\\[\u0000])({_MEMBER}|[^\\\[\]\u0000])*\]"
    r")+$"
)
"""Valid patterns as an expression for JSON Schema, which checks submits. It accepts no pattern that is refused here."""


class PatternInvalid(ValueError):
    """A pattern that cannot be used; the text says why."""


def name_expression(text: bytes) -> re.Pattern[bytes]:
    """Translate a pattern without a slash: the expression is for one name.

    Raises:
        PatternInvalid: it can match nothing.
    """
    component = _Component()
    at = 0
    while at < len(text):
        if text[at] == _STAR:
            component.star()
            at += 1
        else:
            piece, at = _one(text, at)
            component.add(piece)
    return re.compile(component.expression(), re.DOTALL)


def path_expression(text: bytes) -> re.Pattern[bytes]:
    """Translate a pattern that is anchored at the source: the expression is for a whole relative path.

    Raises:
        PatternInvalid: it can match nothing.
    """
    literal = next((at for at, byte in enumerate(text) if byte in _SPECIAL), len(text))
    blocks, component = [_Block()], _Component()
    at = 0
    while at < len(text):
        if text[at] == _STAR:
            end = at
            while text[end : end + 1] == b"*":
                end += 1
            is_folders = end - at > 1 and (at in {0, literal} or text[at - 1] == _SLASH)
            rest = text[end:]
            if is_folders and rest[:1] in {b"", b"/"}:
                blocks[-1].end(component)
                blocks.append(_Block(_ANY_FOLDERS if rest else _ANYTHING))
                component, at = _Component(), end + len(rest[:1])
            elif is_folders and rest[:2] == b"\\/":
                blocks[-1].end(component)
                blocks.append(_Block(_SOME_FOLDERS))
                component, at = _Component(), end + 2
            else:
                component.star()
                at = end
            continue
        piece, at = _one(text, at)
        if piece == b"/":
            blocks[-1].end(component, b"/")
            component = _Component()
        else:
            component.add(piece)
    blocks[-1].end(component)
    *others, last = (block.expression for block in blocks)
    expression = b"".join(b"(?>" + other + b")" for other in others) + last
    return re.compile(expression, re.DOTALL)


_STAR, _SLASH, _BACKSLASH, _OPEN, _CLOSE, _DASH, _COLON = b"*/\\[]-:"
_ANYTHING = rb".*"
_ANY_FOLDERS = rb"(?:[^/]*/)*?"
_SOME_FOLDERS = rb"[^/]*/(?:[^/]*/)*?"


@dataclass
class _Component:
    """The part between two slashes: pieces that match one byte each, in chunks with a `*` between them."""

    chunks: list[list[bytes]] = field(default_factory=lambda: [[]])

    def add(self, piece: bytes) -> None:
        self.chunks[-1].append(piece)

    def star(self) -> None:
        if self.chunks[-1] or len(self.chunks) == 1:
            self.chunks.append([])

    def expression(self) -> bytes:
        first, *others = (b"".join(chunk) for chunk in self.chunks)
        if not others:
            return first
        middle = b"".join(rb"(?>[^/]*?" + chunk + b")" for chunk in others[:-1])
        return first + middle + rb"[^/]*" + others[-1]


class _Block:
    """The part between two `**`, with the expression for the first `**` in front."""

    def __init__(self, front: bytes = b"") -> None:
        self.expression = front

    def end(self, component: _Component, slash: bytes = b"") -> None:
        self.expression += component.expression() + slash


def _one(text: bytes, at: int) -> tuple[bytes, int]:
    """Translate the piece at `at`, which matches one byte; returns the expression and the piece's end."""
    byte = text[at]
    if byte == _OPEN:
        return _bracket(text, at)
    if byte == _QUESTION:
        return b"[^/]", at + 1
    if byte == _BACKSLASH:
        at += 1
        if at == len(text):
            raise PatternInvalid("ends with a backslash, which takes the next character as it is")
        byte = text[at]
    return re.escape(bytes([byte])), at + 1


(_QUESTION,) = b"?"


def _bracket(text: bytes, start: int) -> tuple[bytes, int]:
    """Translate `[...]` from `start`; returns the expression and the bracket's end."""
    at = start + 1
    negated = text[at : at + 1] in {b"!", b"^"}
    at += negated
    members: set[int] = set()
    before = 0
    first = True
    while first or text[at : at + 1] != b"]":
        first = False
        byte = _byte(text, at)
        if byte == _BACKSLASH:
            at += 1
            byte = _byte(text, at)
            members.add(byte)
        elif byte == _DASH and before and text[at + 1 : at + 2] not in {b"", b"]"}:
            at += 1
            byte = _byte(text, at)
            if byte == _BACKSLASH:
                at += 1
                byte = _byte(text, at)
            members.update(range(before, byte + 1))
            byte = 0  # the end of a range cannot begin another range
        elif byte == _OPEN and (found := _class(text, at)) is not None:
            name, at = found
            members |= _members(name)
            byte = 0
        else:
            members.add(byte)
        before = byte
        at += 1
    if negated:
        members = set(range(256)) - members
    members.discard(_SLASH)
    return b"(?!)" if not members else b"[" + b"".join(
        b"\\x%02x" % one for one in sorted(members)
    ) + b"]", at + 1


def _byte(text: bytes, at: int) -> int:
    if at >= len(text):
        raise PatternInvalid(r"has a bracket that does not close; \[ is the character itself")
    return text[at]


def _class(text: bytes, start: int) -> tuple[bytes, int] | None:
    """Read `[:name:]` from `start`, to its last character; None if the bracket is an ordinary character."""
    if text[start + 1 : start + 2] != b":":
        return None
    end = text.find(b"]", start + 2)
    if end < 0:
        raise PatternInvalid(r"has a bracket that does not close; \[ is the character itself")
    if end - start < 3 or text[end - 1] != _COLON:
        return None
    return text[start + 2 : end - 1], end


def _members(name: bytes) -> frozenset[int]:
    if name not in CLASSES:
        known = ", ".join(sorted(one.decode() for one in CLASSES))
        raise PatternInvalid(f"has the character class {name.decode(errors='replace')!r}; there are {known}")
    return CLASSES[name]
