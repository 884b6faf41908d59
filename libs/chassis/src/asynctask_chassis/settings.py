"""Settings of a service: one frozen dataclass, read once from the environment.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class RegistrySettings(ServiceSettings):
        service: ClassVar[str] = "registry"
        postgres_url: str = setting(help="URL of the database.", secret=True)
        statement_timeout: timedelta = setting(default=timedelta(seconds=5), help="Longest single statement.")

`ASYNCTASK_REGISTRY_STATEMENT_TIMEOUT=2s` sets a field. A field without a default is required; an empty variable counts
as not set; a secret may also come from the file named by `…_FILE`. All mistakes are reported together.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal, TextIO, TypeVar, cast, overload

from asynctask_chassis.setting_rules import Rule, WellFormed, is_address
from asynctask_chassis.setting_types import format_setting, mask, parse_setting, type_name
from asynctask_core import limits
from asynctask_core.json_text import cut
from asynctask_core.text_bytes import NotUtf8, text_of

T = TypeVar("T")
S = TypeVar("S", bound="ServiceSettings")

# A Kubernetes Service called asynctask-registry puts ASYNCTASK_REGISTRY_SERVICE_HOST, …_PORT=tcp://… and
# …_PORT_7610_TCP_ADDR into every pod of its namespace (service links). These must not be reported as mistakes, so no
# setting may be called PORT or SERVICE_….
_KUBERNETES_LINK = re.compile(r"(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)")

_COMMON_RULES: tuple[Rule, ...] = tuple(
    WellFormed(name, is_address, "host:port, such as 127.0.0.1:7600 or [::1]:7600; port 0 takes a free one")
    for name in ("address", "metrics_address")
)


class SettingsError(Exception):
    """The environment has invalid settings; `mistakes` has one line for each correction."""

    def __init__(self, service: str, mistakes: tuple[str, ...]) -> None:
        self.mistakes = mistakes
        lines = "\n".join(f"  - {mistake}" for mistake in mistakes)
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        super().__init__(
            f"{count} in the settings of the {service}:\n{lines}\n"
            f"`asynctask-{service} --print-settings` shows all of them."
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
    """The settings that every service has; a service's own class extends it and names the `service`."""

    service: ClassVar[str]
    rules: ClassVar[tuple[Rule, ...]] = ()
    """Rules between its settings."""

    address: str = setting(default="127.0.0.1:0", help="Address of the gRPC server; port 0 takes a free one.")
    metrics_address: str = setting(
        default="127.0.0.1:0", help="Address of /metrics and /healthz over HTTP; port 0 takes a free one."
    )
    connections: int = setting(
        default=limits.CONNECTIONS,
        help="Most connections to the gRPC server; further ones are closed at once. Fewer if the process may open "
        "fewer files.",
        at_least=10,
        at_most=1_000_000,
    )
    connections_per_host: int = setting(
        default=limits.HOST_CONNECTIONS,
        help="Most connections from one host, so that no host takes all of them; the newest beyond it are closed. "
        "At most four fifths of `connections`. All clients behind one proxy or NAT are one host.",
        at_least=10,
        at_most=1_000_000,
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
    """One row of the settings table: texts as they are written in the environment, secrets masked."""

    variable: str
    type: str
    default: str
    help: str
    secret: bool


def load_settings(settings_class: type[S], environ: Mapping[str, str] | None = None) -> S:
    """Read every field of `settings_class` from `environ` (default: the process's).

    Raises:
        SettingsError: with all mistakes at once: missing, malformed, out of bounds, contradictory, unknown.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    mistakes: list[str] = []
    for field in dataclasses.fields(settings_class):
        try:
            given = _given(settings_class, field, environ)
            values[field.name] = field.default if given is None else _value(settings_class, field, given)
        except ValueError as error:
            mistakes.append(f"{_variable(settings_class, field)} {error}")
    mistakes.extend(_at_odds(settings_class, values))
    mistakes.extend(_unknown(settings_class, environ))
    if mistakes:
        raise SettingsError(settings_class.service, tuple(mistakes))
    return settings_class(**cast(Any, values))


def settings_table(settings_class: type[ServiceSettings]) -> Iterator[SettingRow]:
    """Yield the documented settings in the order of declaration, for the generated page."""
    for field in dataclasses.fields(settings_class):
        kind = _type_of(settings_class, field)
        yield SettingRow(
            variable=_variable(settings_class, field),
            type=type_name(kind),
            default=_default_text(kind, field),
            help=field.metadata["help"],
            secret=field.metadata["secret"],
        )


def print_settings(
    settings_class: type[ServiceSettings], file: TextIO, environ: Mapping[str, str] | None = None
) -> None:
    """Write value, default and source of every setting, also of invalid ones; secrets are masked."""
    environ = os.environ if environ is None else environ
    rows = [("VARIABLE", "VALUE", "DEFAULT", "SOURCE")]
    for field, row in zip(dataclasses.fields(settings_class), settings_table(settings_class), strict=True):
        value, source = row.default, "default"
        try:
            given = _given(settings_class, field, environ)
            if given is not None:
                value, source = mask(given.text) if row.secret else given.text, given.source
                _value(settings_class, field, given)
        except ValueError as error:
            source = f"mistake: {error}"
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


@dataclass(frozen=True, slots=True)
class _Given:
    text: str
    source: str


def _given(
    settings_class: type[ServiceSettings], field: dataclasses.Field[Any], environ: Mapping[str, str]
) -> _Given | None:
    """The raw text of a field, or None for its default."""
    name = _variable(settings_class, field)
    text, path = environ.get(name), environ.get(f"{name}_FILE") if field.metadata["secret"] else None
    if text and path:
        raise ValueError(f"and {name}_FILE are both set: keep one")
    if path:
        try:
            return _Given(text_of(Path(path).read_bytes()).rstrip("\r\n"), f"file {path}")
        except OSError as error:
            raise ValueError(f"cannot be read from {path}: {error}") from None
        except NotUtf8 as error:
            why = "has a byte that is none" if error.__cause__ else error  # the byte itself is secret
            raise ValueError(f"cannot be read from {path}: it must be UTF-8, but {why}") from None
    if text:
        return _Given(text, "environment")
    if field.default is dataclasses.MISSING:
        raise ValueError(f"is required: {field.metadata['help']}")
    return None


def _value(settings_class: type[ServiceSettings], field: dataclasses.Field[Any], given: _Given) -> object:
    kind = _type_of(settings_class, field)
    value: Any = parse_setting(kind, given.text)
    low, high = field.metadata["at_least"], field.metadata["at_most"]
    if low is not None and value < low:
        raise ValueError(f"is {cut(given.text)}, below the lowest allowed {format_setting(kind, low)}")
    if high is not None and value > high:
        raise ValueError(f"is {cut(given.text)}, above the highest allowed {format_setting(kind, high)}")
    return value


def _default_text(kind: Any, field: dataclasses.Field[Any]) -> str:
    if field.default is dataclasses.MISSING:
        return "required"
    return mask(str(field.default)) if field.metadata["secret"] else format_setting(kind, field.default)


def _at_odds(settings_class: type[ServiceSettings], values: Mapping[str, object]) -> Iterator[str]:
    """Yield the broken rules among values that are valid themselves."""
    fields = {field.name: field for field in dataclasses.fields(settings_class)}

    def described(name: str) -> str:
        field = fields[name]
        value = format_setting(_type_of(settings_class, field), values[name])
        if field.metadata["secret"]:
            value = mask(value)
        return f"{_variable(settings_class, field)} ({value or 'not set'})"

    for rule in (*_COMMON_RULES, *settings_class.rules):
        first, second = rule.names
        if first in values and second in values and rule.is_broken(values):
            yield rule.mistake(described(first), described(second))


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
