"""Typer, loaded when it is first used: a command line that `plain_call` reads needs none of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, get_origin

if TYPE_CHECKING:
    import typer
else:

    class _TyperOnUse:
        def __getattr__(self, name: str) -> Any:
            return getattr(import_module("typer"), name)

    typer = _TyperOnUse()

__all__ = ["SharedParameter", "typed_by_typer", "typer"]


class SharedParameter:
    """An option or argument that several commands share; made for Typer when one of the commands is built."""

    def __init__(self, kind: str, *names: str, **facts: Any) -> None:
        self._kind = kind
        self._names = names
        self._facts = facts

    def made(self) -> Any:
        """The Typer option or argument."""
        make = getattr(import_module("typer"), self._kind)
        return make(*self._names, **self._facts)


def typed_by_typer(annotation: Any) -> Any:
    """The annotation with its shared parameters replaced by Typer's own."""
    if get_origin(annotation) is not Annotated:
        return annotation
    said = (one.made() if isinstance(one, SharedParameter) else one for one in annotation.__metadata__)
    return Annotated[(annotation.__origin__, *said)]
