"""Determines the actor of a command: the name that a peer claims, if the scheduler trusts the peer."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any, Final

import grpc

from asynctask_core import limits
from asynctask_core.printable import one_line

CLAIM_KEY: Final = "asynctask-actor-bin"
"""Metadata of a call: the actor's name, in UTF-8."""
SECRET_KEY: Final = "asynctask-actor-secret-bin"  # noqa: S105 - the name of a key
"""Metadata of a call: the secret that makes the scheduler trust the claim."""
UNKNOWN: Final = "unknown"

_CERTIFICATE_NAMES: Final = ("x509_common_name", "x509_subject_alternative_name")
_LOOPBACK: Final = ("ipv4:127.", "ipv6:[::1]:", "ipv6:%5B::1%5D:", "unix:")


@dataclass(frozen=True, slots=True)
class ActorClaims:
    """Which peers are trusted to name the actor: by a name in their certificate, by the secret, or on this machine."""

    names: frozenset[str] = frozenset()
    secret: str = ""
    on_loopback: bool = False

    def of(self, context: grpc.aio.ServicerContext[Any, Any]) -> str:
        """The actor of this call's command; `unknown` unless a trusted peer names one."""
        said = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, bytes)}
        claimed = one_line(said.get(CLAIM_KEY, b"").decode(errors="replace").strip())[: limits.ACTOR_CHARS]
        if not claimed or not self._trusts(context, said.get(SECRET_KEY, b"")):
            return UNKNOWN
        return claimed

    def _trusts(self, context: grpc.aio.ServicerContext[Any, Any], secret: bytes) -> bool:
        if self.secret and hmac.compare_digest(secret, self.secret.encode()):
            return True
        if self.on_loopback and context.peer().startswith(_LOOPBACK):
            return True
        if not self.names:
            return False
        certificate = context.auth_context()
        shown = {
            name.decode(errors="replace") for key in _CERTIFICATE_NAMES for name in certificate.get(key, ())
        }
        return not self.names.isdisjoint(shown)
