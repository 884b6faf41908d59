"""The look of help pages: names of arguments, examples, no types. Also the errors for values that an option refuses."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from copy import copy
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from asynctask_core.printable import one_line
from asynctask_standalone.cli.exits import CommandRefused, Exit, told
from asynctask_standalone.cli.wording import command_name, is_unicode, up_command

_NO_NUMBER = re.compile(r"(?P<came>.+) is not a valid int(?: range)?\.")
_OUT_OF_RANGE = re.compile(r"(?P<came>\S+) is not in the range \S+\.")
"""The messages with which the option parser refuses a number."""

_QUOTE_JSON = "The shell may have taken the JSON of --config apart: put single quotes around the whole."

_UsageError: Any = typer.BadParameter.__base__
"""The parser's error for a wrong command line; Typer does not export it."""


class _Context(typer.Context):
    """Shows `up` as it is typed here: `./dev up` in a checkout."""

    @property
    def command_path(self) -> str:
        """What is written before the options."""
        path = super().command_path
        return up_command() if path == f"{command_name()} up" else path


class HelpfulCommand(TyperCommand):
    """A command whose usage line reads `submit [OPTIONS] TYPE`, as manuals have it."""

    context_class = _Context

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _without_types(self.params)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Print the refusal of a value in the same form as the cluster's errors."""
        as_json = "--json" in args and any("--json" in one.opts for one in self.params)
        typed = [*args]  # the parser removes what it reads
        try:
            if (twice := self._given_twice(ctx, args)) is not None:
                hint = f". {_QUOTE_JSON}" if _has_broken_json(typed) else ""
                raise _refused(f"{_name(twice)}: must be given once; got it more often{hint}", as_json)
            rest = super().parse_args(ctx, args)
        except _UsageError as error:
            if type(error) is typer.BadParameter and error.param is not None:
                said = f"{_name(error.param)}: {_in_words(error.message, error.param.type)}"
            elif _has_broken_json(typed):
                said = f"{error.format_message()}. {_QUOTE_JSON}"
            elif as_json:
                said = error.format_message()
            else:
                raise  # an argument is missing or too many, which the usage line explains
            raise _refused(said, as_json) from None
        _check_texts(ctx, self.params, as_json=as_json)
        return rest

    def _given_twice(self, ctx: Any, args: list[str]) -> Any:
        """The option that takes one value but was given several times: the parser would silently use the last one."""
        if ctx.resilient_parsing:
            return None
        _, _, order = self.make_parser(ctx).parse_args(args=[*args])
        single = [
            one
            for one in order
            if isinstance(one, TyperOption) and not (one.multiple or one.is_flag or one.count)
        ]
        return next((one for one in single if order.count(one) > 1), None)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """`[OPTIONS]`, then each argument, in brackets where it may be left out."""
        arguments = [one for one in self.params if isinstance(one, TyperArgument)]
        names = [(str(one.metavar or one.name), one.required) for one in arguments]
        return ["[OPTIONS]", *(name if required else f"[{name}]" for name, required in names)]

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`."""
        return _without_type(super().get_help_option(ctx))


class Group(TyperGroup):
    """All commands together."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As `HelpfulCommand` reads the options of a command."""
        as_json = "--json" in args
        rest = super().parse_args(ctx, args)
        _check_texts(ctx, self.params, as_json=as_json)
        return rest

    def get_params(self, ctx: Any) -> Any:
        """The options, among them those that Typer adds late."""
        found = super().get_params(ctx)
        _without_types(found)
        if command_name() != "asynctask":
            _without_completion(found)
        return found

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`."""
        return _without_type(super().get_help_option(ctx))


def epilog(examples: Sequence[str]) -> str:
    """Examples for the end of a help page, each on a line of its own."""
    # \b keeps the lines of a paragraph as they are.
    return "\n".join(["\b", "[bold]Examples[/]", *(f"  {command_name()} {example}" for example in examples)])


def _has_broken_json(args: Sequence[str]) -> bool:
    """Whether the shell has split the JSON: `--config` then got only a part of it."""
    given = [value for option, value in pairwise(args) if option in ("--config", "-c")]
    return any(not value.startswith("@") and not _is_json(value) for value in given)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _refused(said: str, as_json: bool) -> typer.Exit:
    return typer.Exit(told(CommandRefused(Exit.USAGE, "INVALID_INPUT", said), as_json=as_json))


def _name(parameter: Any) -> str:
    if isinstance(parameter, TyperArgument):
        return str(parameter.metavar or parameter.name)
    return max(parameter.opts, key=len)


def _check_texts(ctx: Any, parameters: Iterable[Any], *, as_json: bool) -> None:
    """Refuse texts that no option takes: empty ones, such as an unset shell variable, and ones that are not UTF-8.

    `submit` itself checks that a config is UTF-8, since the name of its file may have any bytes.
    """
    if ctx.resilient_parsing:
        return
    for one in parameters:
        value, source = ctx.params.get(one.name), str(ctx.get_parameter_source(one.name))
        if "DEFAULT" in source:
            continue
        named = f"{_name(one)} ({one.envvar})" if "ENVIRONMENT" in source else _name(one)
        for text in cast("Sequence[object]", value) if isinstance(value, list | tuple) else (value,):
            if isinstance(text, str) and not text.strip():
                instead = "" if one.required else ": give a value, or leave it out"
                raise _refused(f"{named}: must not be empty; got {text!r}{instead}", as_json)
            if isinstance(text, str) and one.name != "config" and not is_unicode(text):
                raise _refused(f"{named}: '{one_line(text)}' is no UTF-8", as_json)


def _in_words(message: str, kind: Any) -> str:
    """What a value must be, and what came; the parser's own message is for programmers."""
    found = _NO_NUMBER.fullmatch(message) or _OUT_OF_RANGE.fullmatch(message)
    if found is None:
        return message
    edges = (("least", getattr(kind, "min", None)), ("most", getattr(kind, "max", None)))
    allowed = " and ".join(f"at {edge} {end:,}" for edge, end in edges if end is not None)
    return f"must be a whole number{allowed and f', {allowed}'}, not {found['came']}"


def _without_completion(parameters: Iterable[Any]) -> None:
    """Shells complete commands by name: what Typer would install for `./dev cli` fails in every new shell."""
    for parameter in parameters:
        if parameter.name in ("install_completion", "show_completion"):
            parameter.callback = _completion_refused
            parameter.hidden = True


def _completion_refused(ctx: Any, parameter: Any, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        raise _refused(
            f"shells complete a command on your PATH, not `{command_name()}`: put {Path(sys.executable).parent} "
            f"on your PATH and run `asynctask {_name(parameter)}`",
            as_json=False,
        )


def _without_types(parameters: Iterable[Any]) -> None:
    for parameter in parameters:
        _without_type(parameter)


def _without_type(parameter: Any) -> Any:
    """Remove the `<bool>` beside a flag, and the `<str>` that Typer shows beside an argument even with a metavar."""
    if isinstance(parameter, TyperArgument):
        # A copy, since arguments share one type object.
        parameter.type = copy(parameter.type)
        vars(parameter.type)["get_metavar"] = _no_metavar
    elif isinstance(parameter, TyperOption) and parameter.is_flag:
        parameter.metavar = ""
    return parameter


def _no_metavar(param: Any, ctx: Any) -> str:
    return ""
