"""Settings of a service: one frozen dataclass, read once from the environment.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class RegistrySettings(ServiceSettings):
        service: ClassVar[str] = "registry"
        postgres_url: str = setting(help="Where the truth is kept.", secret=True)
        statement_timeout: timedelta = setting(default=timedelta(seconds=5), help="Longest single statement.")

`ASYNCTASK_REGISTRY_STATEMENT_TIMEOUT=2s` sets a field. A field without a default is required; a variable that is set to
nothing counts as not set; a secret may also come from the file named by `…_FILE`. All mistakes are reported together.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal, TextIO, TypeVar, cast, overload
from urllib.parse import urlsplit

from asynctask_chassis.quantities import ByteSize, format_duration, format_size, parse_duration, parse_size

T = TypeVar("T")
S = TypeVar("S", bound="ServiceSettings")

# A Kubernetes Service called asynctask-registry puts ASYNCTASK_REGISTRY_SERVICE_HOST, …_PORT=tcp://… and
# …_PORT_7610_TCP_ADDR into every pod of its namespace (service links). They are nobody's mistake, so no setting
# may be called PORT or SERVICE_….
_KUBERNETES_LINK = re.compile(r"(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)")


class SettingsError(Exception):
    """The environment does not make valid settings; `mistakes` has one line for each thing to correct."""

    def __init__(self, service: str, mistakes: tuple[str, ...]) -> None:
        self.mistakes = mistakes
        lines = "\n".join(f"  - {mistake}" for mistake in mistakes)
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        super().__init__(
            f"{count} in the settings of the {service}:\n{lines}\nRun it with --print-settings to see all of them."
        )


@overload
def setting(
    *, default: T, help: str, secret: bool = ..., at_least: object = ..., at_most: object = ...
) -> T: ...
@overload
def setting(*, help: str, secret: bool = ..., at_least: object = ..., at_most: object = ...) -> Any: ...
def setting(
    *,
    default: object = dataclasses.MISSING,
    help: str,
    secret: bool = False,
    at_least: object = None,
    at_most: object = None,
) -> Any:
    """Declare one field: `help` documents it; `secret` masks it and allows `…_FILE`; both bounds are inclusive."""
    metadata = {"help": help, "secret": secret, "at_least": at_least, "at_most": at_most}
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """What every service can be told; a service's own settings extend it and name the `service`."""

    service: ClassVar[str]

    address: str = setting(default="127.0.0.1:0", help="Address of the gRPC server; port 0 takes a free one.")
    metrics_address: str = setting(
        default="127.0.0.1:0", help="Address of /metrics and /healthz over HTTP; port 0 takes a free one."
    )
    grace_period: timedelta = setting(
        default=timedelta(seconds=25),
        help="Longest drain after SIGTERM; below the 30 s after which Kubernetes kills.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        default="info", help="Lowest level that is logged."
    )
    log_format: Literal["auto", "json", "console"] = setting(
        default="auto", help="auto: console on a terminal, else JSON lines."
    )


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of the settings table: texts as they are written in the environment, secrets masked."""

    variable: str
    type: str
    default: str
    help: str
    secret: bool
    value: str = ""
    source: str = ""


def load_settings(settings_class: type[S], environ: Mapping[str, str] | None = None) -> S:
    """Read every field of `settings_class` from `environ` (default: the process's).

    Raises:
        SettingsError: with all mistakes at once: missing, malformed, out of bounds, unknown variables.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    mistakes: list[str] = []
    for field in dataclasses.fields(settings_class):
        try:
            given = _given(settings_class, field, environ)
            if given is not None:
                values[field.name] = _checked(field, _parse(_type_of(settings_class, field), given[0]))
            elif field.default is dataclasses.MISSING:
                raise ValueError("is required: " + field.metadata["help"])
        except ValueError as error:
            mistakes.append(f"{_variable(settings_class, field)} {error}")
    mistakes.extend(_unknown(settings_class, environ))
    if mistakes:
        raise SettingsError(settings_class.service, tuple(mistakes))
    return settings_class(**cast(Any, values))


def settings_table(settings_class: type[ServiceSettings]) -> Iterator[SettingRow]:
    """Yield the documented settings in the order of declaration, for the generated page."""
    for field in dataclasses.fields(settings_class):
        has_default = field.default is not dataclasses.MISSING
        yield SettingRow(
            variable=_variable(settings_class, field),
            type=_type_name(_type_of(settings_class, field)),
            default=_text(settings_class, field, field.default) if has_default else "required",
            help=field.metadata["help"],
            secret=field.metadata["secret"],
        )


def print_settings(
    settings_class: type[ServiceSettings], file: TextIO, environ: Mapping[str, str] | None = None
) -> None:
    """Write value, default and source of every setting; it shows mistaken settings too, and never a secret."""
    environ = os.environ if environ is None else environ
    rows = [("VARIABLE", "VALUE", "DEFAULT", "SOURCE")]
    for field, row in zip(dataclasses.fields(settings_class), settings_table(settings_class), strict=True):
        value, source = row.default, "default"
        try:
            given = _given(settings_class, field, environ)
            if given is not None:
                value, source = _mask(given[0]) if row.secret else given[0], given[1]
        except ValueError as error:
            value, source = "-", f"mistake: {error}"
        rows.append((row.variable, value or "-", row.default or "-", source))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        print(
            *(text.ljust(width) for text, width in zip(row[:3], widths, strict=True)),
            row[3],
            sep="  ",
            file=file,
        )


def _variable(settings_class: type[ServiceSettings], field: dataclasses.Field[Any]) -> str:
    return f"ASYNCTASK_{settings_class.service}_{field.name}".upper()


def _type_of(settings_class: type[ServiceSettings], field: dataclasses.Field[Any]) -> Any:
    return typing.get_type_hints(settings_class)[field.name]


def _given(
    settings_class: type[ServiceSettings], field: dataclasses.Field[Any], environ: Mapping[str, str]
) -> tuple[str, str] | None:
    """The raw text and where it came from, or None when nothing was set."""
    name = _variable(settings_class, field)
    text, path = environ.get(name), environ.get(f"{name}_FILE") if field.metadata["secret"] else None
    if text and path:
        raise ValueError(f"and {name}_FILE are both set: keep one")
    if path:
        try:
            return Path(path).read_text().rstrip("\r\n"), f"file {path}"
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"cannot be read from {path}: {error}") from None
    return (text, "environment") if text else None


def _parse(kind: Any, text: str) -> object:
    options = typing.get_args(kind)
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return _parse(next(option for option in options if option is not types.NoneType), text)
    if typing.get_origin(kind) is Literal:
        if text not in options:
            raise ValueError(f"is {text!r}, which is none of {', '.join(options)}")
        return text
    parser = _PARSERS.get(kind)
    if parser is None:
        raise TypeError(f"settings of type {kind} are not supported")
    try:
        return parser(text)
    except ValueError as error:
        raise ValueError(f"is wrong: {error}") from None


def _parse_bool(text: str) -> bool:
    words = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }
    if text.lower() not in words:
        raise ValueError(f"{text!r} is neither true nor false")
    return words[text.lower()]


def _parse_int(text: str) -> int:
    # int() also takes "1_000", " 7 " and Arabic digits; a setting is spelled one way.
    if not re.fullmatch(r"-?[0-9]+", text):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def _parse_float(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        raise ValueError(f"{text!r} is not a number")
    return float(text)


_PARSERS: Mapping[Any, typing.Callable[[str], object]] = {
    str: str,
    int: _parse_int,
    float: _parse_float,
    bool: _parse_bool,
    timedelta: parse_duration,
    ByteSize: parse_size,
    Path: Path,
}
_TYPE_NAMES: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    timedelta: "duration",
    ByteSize: "size",
    Path: "path",
}


def _type_name(kind: Any) -> str:
    options = typing.get_args(kind)
    if typing.get_origin(kind) is Literal:
        return ", ".join(options)
    if options:
        return _type_name(next(option for option in options if option is not types.NoneType))
    return "true, false" if kind is bool else _TYPE_NAMES[kind]


def _checked(field: dataclasses.Field[Any], value: Any) -> object:
    low, high = field.metadata["at_least"], field.metadata["at_most"]
    if low is not None and value < low:
        raise ValueError(f"is {_plain(value)}, below the lowest allowed {_plain(low)}")
    if high is not None and value > high:
        raise ValueError(f"is {_plain(value)}, above the highest allowed {_plain(high)}")
    return value


def _plain(value: object) -> str:
    return format_duration(value) if isinstance(value, timedelta) else str(value)


def _text(settings_class: type[ServiceSettings], field: dataclasses.Field[Any], value: Any) -> str:
    if value is None:
        return ""
    if field.metadata["secret"]:
        return _mask(str(value))
    if _type_of(settings_class, field) is ByteSize:
        return format_size(value)
    if isinstance(value, bool):
        return str(value).lower()
    return _plain(value)


def _mask(secret: str) -> str:
    """Keep of a URL what tells two databases apart; of any other secret nothing, not even its length."""
    try:
        url = urlsplit(secret)
        host = url.netloc.rpartition("@")[2]
    except ValueError:
        return "********"
    return f"{url.scheme}://********@{host}{url.path}" if url.scheme and host else "********"


def _unknown(settings_class: type[ServiceSettings], environ: Mapping[str, str]) -> Iterator[str]:
    prefix = f"ASYNCTASK_{settings_class.service}_".upper()
    known = {_variable(settings_class, field): field for field in dataclasses.fields(settings_class)}
    files = {f"{name}_FILE" for name, field in known.items() if field.metadata["secret"]}
    for name in sorted(environ):
        if (
            not name.startswith(prefix)
            or name in known
            or name in files
            or _KUBERNETES_LINK.fullmatch(name.removeprefix(prefix))
        ):
            continue
        if name.removesuffix("_FILE") in known:
            yield f"{name} is not allowed: only secrets are read from files"
            continue
        near = difflib.get_close_matches(name, known, n=1)
        yield f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else "")
