"""Joins the parts of one gRPC service: each part has related methods, and is small enough to be read."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def joined_servicer(servicer: type[T], *parts: object) -> T:
    """Join the parts of a service; `servicer` is the generated class.

    Raises:
        ValueError: a method of the service is in no part, or in two.
    """
    methods = {name for name in vars(servicer) if not name.startswith("_")}
    joined, found = servicer(), dict[str, object]()
    for part in parts:
        for name in methods.intersection(vars(type(part))):
            if name in found:
                raise ValueError(f"{name} is in {type(found[name]).__name__} and in {type(part).__name__}")
            found[name] = part
            setattr(joined, name, getattr(part, name))
    if missing := methods.difference(found):
        raise ValueError(f"no part of {servicer.__name__} has {', '.join(sorted(missing))}")
    return joined
