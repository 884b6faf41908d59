"""JSON text in and out."""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from asynctask._codec.build import shape_of
from asynctask._codec.misfit import misfit
from asynctask._codec.plain import check_keys, plain, unwritable
from asynctask._codec.shape import Definitions, Mismatch, Schema, Shape
from asynctask._json import load_json
from asynctask.errors import UnwritableValue
from asynctask_core import limits
from asynctask_core.errors import DecodeError, FieldViolation
from asynctask_core.json_text import fault_of, is_too_deep, too_deep

T = TypeVar("T")

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TOO_DEEP = too_deep("more than can be written")
_SURROGATES = re.compile("[\ud800-\udfff]")


class Codec(Generic[T]):
    """Values of one annotation as JSON text."""

    __slots__ = ("_shape", "_trivial", "annotation")

    def __init__(self, annotation: object) -> None:
        self.annotation = annotation
        self._shape = shape_of(annotation)
        self._trivial = type(self._shape) is Shape

    def encode(self, value: T, what: str = "value") -> str:
        """The JSON text of a value; `what` names it in the error.

        Raises:
            UnwritableValue: it does not fit the annotation; `violations` say where. Or it is nested too deeply: how
                deep Python itself writes and reads differs between its versions.
            BaseException: what the value's own code raises, such as a generator.
        """
        try:
            text = dump_json(value if self._trivial else self._shape.encode(value))
        except Mismatch as mismatch:
            raise _refused(mismatch, what) from mismatch
        except RecursionError:
            raise _refused(unwritable(value) or Mismatch(_TOO_DEEP), what) from None
        except (TypeError, ValueError) as error:
            if _is_of_the_value(error):
                raise
            raise _refused(unwritable(value) or Mismatch(str(error)), what) from error
        if len(text) > 2 * limits.JSON_LEVELS and is_too_deep(text):
            fault = fault_of(text, RecursionError())
            raise _refused(Mismatch(fault.said).within(fault.path), what)
        return text

    def decode(self, text: str, what: str = "value") -> T:
        """The value of a JSON text; `what` names it in the error.

        Raises:
            DecodeError: it is no JSON or does not fit the annotation; the message has the path.
        """
        try:
            value = load_json(text)
            return cast("T", value if self._trivial else self._shape.decode(value))
        except Mismatch as mismatch:
            raise DecodeError(mismatch.describe(what)) from mismatch
        except (RecursionError, ValueError) as error:
            fault = fault_of(text, error)
            raise DecodeError(f"{what}{fault.path}: {fault.said}") from None

    def misfit(self, read: "Codec[Any]") -> str | None:
        """Why no value that this codec writes can be read by `read`; None when one may be."""
        return misfit(self._shape, read._shape)

    def schema(self) -> Schema:
        """The JSON Schema (draft 2020-12) of the annotation; empty when any value is allowed."""
        definitions = Definitions()
        found = self._shape.schema(definitions)
        if not found:
            return {}
        found = {"$schema": _DRAFT, **found}
        if definitions.schemas:
            found["$defs"] = definitions.schemas
        return found


def dump_json(value: object) -> str:
    """Compact JSON text; dataclasses, enums, times and the like inside are written by their own shapes.

    Raises:
        TypeError: something in it cannot be written as JSON, or two keys of an object are written alike.
        ValueError: a number is not finite, or it contains itself.
    """
    if value is None:
        return "null"
    text = _encode(value)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            # Lone surrogates (file names that are not UTF-8) only pass as escapes.
            # The value is not written again: a generator in it gives its items only once.
            return _SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text


def _encode(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    _check_keys(value)
    if _fast is None or isinstance(value, (int, float)):
        return _ENCODER.encode(value)
    try:
        return "".join(_fast(value, 0))
    except (RecursionError, ValueError) as error:
        if _is_of_the_value(error):
            raise
        return _ENCODER.encode(value)  # says what is wrong: it contains itself, or a number is not finite


def _refused(mismatch: Mismatch, what: str) -> UnwritableValue:
    return UnwritableValue(
        [FieldViolation(what + one.path, one.message) for one in (mismatch, *mismatch.others)]
    )


def _is_of_the_value(error: BaseException) -> bool:
    """Whether code of the value raised it, such as a generator that reads a file: it may succeed the next time."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and not trace.tb_frame.f_code.co_filename.startswith(_WRITERS)


_WRITERS = (str(Path(__file__).parent), str(Path(json.__file__).parent))
"""Prefixes of the file names of the code that writes values: its errors are about the value."""


def _by_own_class(value: object) -> object:
    try:
        found = plain(value)
    except Mismatch as mismatch:
        raise TypeError(mismatch.describe(type(value).__name__)) from mismatch
    _check_keys(found)
    return found


def _check_keys(value: object) -> None:
    try:
        check_keys(value)
    except Mismatch as mismatch:
        raise TypeError(mismatch.describe(type(value).__name__)) from None


# Bound here, so that a handler which replaces functions of `json` harms no other task of its executor.
# Made once: `json.dumps` makes a new one at every call that sets an option.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_by_own_class)
_in_c: Any = getattr(json.encoder, "c_make_encoder", None)
_fast: Any = _in_c and _in_c(
    None, _by_own_class, json.encoder.encode_basestring, None, ":", ",", False, False, False
)
"""Made once; `json` makes it at every call. It writes valid values, and does not say what is wrong with others."""
_quoted: Callable[[str], str] = json.encoder.encode_basestring


ANY: Codec[Any] = Codec(Any)
"""Plain JSON values."""


@lru_cache(maxsize=1024)
def _cached(annotation: Any) -> Codec[Any]:
    return Codec(annotation)


def codec_of(annotation: Any) -> Codec[Any]:
    """The codec of an annotation, made once. Raises TypeError, see `shape_of`."""
    try:
        return _cached(annotation)
    except TypeError:
        return Codec(annotation)
