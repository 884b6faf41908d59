"""JSON text that all readers understand alike: how it is read, and why a text is refused."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import isinf, log10
from sys import float_info
from typing import Final

from asynctask_core import limits
from asynctask_core.printable import utf8

_SHOWN: Final = 80
_PATH_SHOWN: Final = 60
_TEXTS: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_BETWEEN: Final = re.compile(r"[^\[\]{}]+")
_AS_LISTS: Final = str.maketrans("{}", "[]")
_TOKEN: Final = re.compile(r'\s*(?:("[^"\\]*(?:\\.[^"\\]*)*")|([\[\]{},:])|([^\s\[\]{},:"]+))', re.DOTALL)
_WHOLE: Final = re.compile(r"-?\d+")
_FRACTION: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NOT_JSON: Final = frozenset({"NaN", "Infinity", "-Infinity"})


@dataclass(frozen=True, slots=True)
class JsonFault:
    """What is wrong with a JSON text."""

    path: str
    """Where: `.files[3].size`; empty for the whole."""
    said: str
    """What is allowed, and what was sent."""


def too_deep(levels: str) -> str:
    """The message for JSON with too many levels: `levels` of them."""
    rule = f"is nested too deeply: at most {limits.JSON_LEVELS} lists and objects may be inside one another"
    return f"{rule}; got {levels}"


_MANY_DIGITS: Final = f"must have no number of more than {limits.JSON_DIGITS:,} digits"


def too_many_digits(count: int) -> str:
    """The message for a whole number with too many digits."""
    return f"must be a number of at most {limits.JSON_DIGITS:,} digits; got one of {count:,}"


def digits_of(number: int) -> int:
    """How many decimal digits a whole number has. Python cannot write one of more than some thousands."""
    size = abs(number)
    count = int(log10(size)) + 1 if size else 1
    return count + (size >= 10**count) - (size < 10 ** (count - 1) and count > 1)


def is_too_deep(text: str) -> bool:
    """Whether too many lists and objects are inside one another.

    Only for valid JSON: for a text with quotation marks that do not match it may take minutes.
    """
    if text.count("[") + text.count("{") <= limits.JSON_LEVELS:
        return False
    brackets = _BETWEEN.sub("", _TEXTS.sub("", text)).translate(_AS_LISTS)
    for _ in range(limits.JSON_LEVELS):
        brackets = brackets.replace("[]", "")  # removes the innermost level
        if not brackets:
            return False
    return True


def refuse_constant(name: str) -> object:
    """For `parse_constant`: refuse NaN and the infinities, which Python would read. Raises ValueError."""
    raise ValueError(_not_json(name))


def finite(text: str) -> float:
    """For `parse_float`: a number with a fraction or an exponent. Raises ValueError if no float can hold it."""
    number = float(text)
    if isinf(number):
        raise ValueError(_too_large(text))
    return number


def json_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """For `object_pairs_hook`: an object. Of two members with one name, some readers take the first, others the last.

    Raises:
        ValueError: a name comes twice; the message says which.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        once = set(found)
        for name, _ in pairs:
            if name not in once:
                raise ValueError(_twice(name))
            once.remove(name)
    return found


# One for all: json.loads builds a decoder at each call that has options.
decode_json: Final[Callable[[str], object]] = json.JSONDecoder(
    parse_constant=refuse_constant, parse_float=finite, object_pairs_hook=json_object
).decode
"""The value of a JSON text that all readers understand alike: no number is too large, and no name comes twice.

Raises ValueError, RecursionError; `fault_of` makes a message with the place.
"""


def json_utf8(value: object) -> bytes:
    """A value as JSON in UTF-8. Text is written as it is, unless it has half of a surrogate pair: that UTF-8 has not.

    Raises:
        RecursionError: it is nested deeper than Python writes, which is less deep than what Python reads.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def fault_of(text: str, error: Exception, most_tokens: int | None = None) -> JsonFault:
    """Why `decode_json` refused `text` with `error`: a message of AsyncTask, with the place within the value.

    Takes about a microsecond per token. Reads at most `most_tokens`, and may then not find the place.
    """
    # Python reports either the depth or a fault further in, depending on its version.
    may_be_deep = text.count("[") + text.count("{") > limits.JSON_LEVELS
    if (may_be_deep or not isinstance(error, json.JSONDecodeError)) and (
        found := _first_fault(text, most_tokens)
    ):
        return found
    if isinstance(error, json.JSONDecodeError):
        return JsonFault("", f"must be JSON; got {show(text)} ({syntax(error)})")
    if isinstance(error, RecursionError):
        return JsonFault("", too_deep("more than can be read"))
    return JsonFault("", str(error) if str(error).startswith("must ") else _MANY_DIGITS)


def syntax(error: json.JSONDecodeError) -> str:
    """What is not JSON, and its line and column."""
    what = error.msg.removesuffix(" at").removesuffix(" starting")  # some of Python's messages end like this
    if what == "Invalid control character":
        sign = error.doc[error.pos]
        what = f"{what} {sign!r} in a text: write it as {json.dumps(sign)[1:-1]}"
    elif error.doc.startswith("\ufeff"):
        what = "A byte order mark (U+FEFF) before the value: leave it out"
    return f"{what}, at line {error.lineno} column {error.colno}"


@dataclass(slots=True)
class _Open:
    """A list or an object around the present token."""

    is_object: bool
    at: str | int
    """The name or the position of the member that is read now."""
    names: set[str] | None = None
    """Names that came already; None in a list."""
    awaits_name: bool = False

    @property
    def part(self) -> str:
        return f".{utf8(str(self.at)).decode()}" if self.is_object else f"[{self.at}]"


def _first_fault(text: str, most_tokens: int | None) -> JsonFault | None:
    """The first number, word or name that JSON, or some reader, does not allow; else where the text is too deep.

    Reads token by token: for a text that is too deep, recursion would run out of stack.
    """
    around: list[_Open] = []
    depth = deepest = 0  # larger than the length of `around` where the text is too deep
    deep_path = ""
    token = None
    for token in islice(_tokens(text), most_tokens):
        quoted, bracket, bare = token.groups()
        if bracket in ("[", "{"):
            if depth < limits.JSON_LEVELS:
                is_object = bracket == "{"
                around.append(_Open(is_object, "", set(), True) if is_object else _Open(is_object, 0))
            deep_path = deep_path or (_path(around) if depth == limits.JSON_LEVELS else "")
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in ("]", "}"):
            depth -= 1
            if 0 <= depth < len(around):
                around.pop()
        elif depth > limits.JSON_LEVELS or not around:
            pass
        elif bracket == ",":
            inner = around[-1]
            inner.awaits_name = inner.is_object
            if isinstance(inner.at, int):
                inner.at += 1
        elif quoted and around[-1].awaits_name and (repeated := _read_name(quoted, around[-1])):
            return JsonFault(_path(around[:-1]), repeated)
        if bare and (said := _of_scalar(bare)):
            return JsonFault(_path(around), said)
    if deepest <= limits.JSON_LEVELS:
        return None
    is_whole = token is not None and not text[token.end() :].strip()
    return JsonFault(deep_path, too_deep(f"{deepest:,}" if is_whole else f"{deepest:,} or more"))


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while found := _TOKEN.match(text, at):
        yield found
        at = found.end()


def _read_name(quoted: str, inner: _Open) -> str | None:
    """What is wrong with the next name of an object."""
    try:
        name = str(json.loads(quoted))
    except ValueError:  # not a JSON text: the decoder's message is better
        name = quoted
    inner.awaits_name, inner.at = False, name
    assert inner.names is not None, "an object"
    if name in inner.names:
        return _twice(name)
    inner.names.add(name)
    return None


def _of_scalar(word: str) -> str | None:
    if word in _NOT_JSON:
        return _not_json(word)
    if _WHOLE.fullmatch(word):
        digits = len(word.removeprefix("-"))
        return too_many_digits(digits) if digits > limits.JSON_DIGITS else None
    if _FRACTION.fullmatch(word) and isinf(float(word)):
        return _too_large(word)
    return None


def _path(around: list[_Open]) -> str:
    return cut_path("".join(one.part for one in around))


def cut_path(path: str) -> str:
    """A path; the middle of a long one is left out."""
    if len(path) <= _PATH_SHOWN:
        return path
    half = _PATH_SHOWN // 2
    return f"{path[:half]}…{path[-half:]}"


def _not_json(word: str) -> str:
    return f"must be JSON, which has no {word}: write a number, null, or a text in double quotes"


def _too_large(word: str) -> str:
    return f"must be a number from {-float_info.max} to {float_info.max}; got {cut(word)}"


def _twice(name: str) -> str:
    return f"must have each name once; got {show(name)} more than once"


def cut(text: str) -> str:
    """A text, cut if it is long."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def show(text: str) -> str:
    """A text in quotes as it was sent, cut if it is long."""
    return repr(cut(text))
