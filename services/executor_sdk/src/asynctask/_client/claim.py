"""Who gives the commands of a client, as told to the scheduler, which believes only peers that it trusts."""

from __future__ import annotations

import getpass
import os
import socket
from typing import Final

from asynctask._argument_checks import optional_name
from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.json_text import show

ACTOR_VARIABLE: Final = "ASYNCTASK_ACTOR"
SECRET_VARIABLE: Final = "ASYNCTASK_ACTOR_SECRET"  # noqa: S105 - the name of a variable

Metadata = tuple[tuple[str, bytes], ...]


def claim(actor: str | None) -> Metadata:
    """Metadata of a command. `actor`: who gives it; default `ASYNCTASK_ACTOR`, else the user and host of this process.

    Raises:
        InvalidInput: `actor` is no text, empty, or longer than 128 characters.
    """
    name = optional_name("actor", actor) or os.environ.get(ACTOR_VARIABLE, "").strip()
    if len(name) > limits.ACTOR_CHARS:
        allowed = f"must be at most {limits.ACTOR_CHARS} characters"
        raise InvalidInput([FieldViolation("actor", f"{allowed}; got {len(name)}: {show(name)}")])
    said = {"asynctask-actor-bin": name or _user()[: limits.ACTOR_CHARS]}
    if secret := os.environ.get(SECRET_VARIABLE):
        said["asynctask-actor-secret-bin"] = secret
    return tuple((key, value.encode(errors="replace")) for key, value in said.items())


def _user() -> str:
    try:
        user = getpass.getuser()
    except (ImportError, KeyError, OSError):  # a user without a name, as containers have them
        user = str(os.getuid()) if hasattr(os, "getuid") else "somebody"
    return f"{user}@{socket.gethostname()}"
