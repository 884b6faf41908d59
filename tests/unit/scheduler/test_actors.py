"""Whose claim of who gives a command is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from asynctask._client.claim import claim
from asynctask.errors import InvalidInput
from asynctask_scheduler.api.actors import ActorClaims

FAR = "ipv4:192.0.2.7:51234"
SECRET = "0123456789abcdef"


@dataclass
class Call:
    """A call as gRPC shows it."""

    where: str = FAR
    metadata: Sequence[tuple[str, str | bytes]] = ()
    certificate: Mapping[str, Sequence[bytes]] = field(default_factory=dict[str, Sequence[bytes]])

    def peer(self) -> str:
        return self.where

    def invocation_metadata(self) -> Sequence[tuple[str, str | bytes]]:
        return self.metadata

    def auth_context(self) -> Mapping[str, Sequence[bytes]]:
        return self.certificate


def of(claims: ActorClaims, call: Call) -> str:
    return claims.of(cast("Any", call))


@pytest.mark.parametrize(
    ("claims", "call"),
    [
        (ActorClaims(frozenset({"gateway"})), Call(certificate={"x509_common_name": [b"gateway"]})),
        (
            ActorClaims(frozenset({"gateway.lan"})),
            Call(certificate={"x509_subject_alternative_name": [b"other", b"gateway.lan"]}),
        ),
        (ActorClaims(on_loopback=True), Call("ipv4:127.0.0.1:51234")),
        (ActorClaims(on_loopback=True), Call("ipv6:%5B::1%5D:51234")),
        (ActorClaims(on_loopback=True), Call("unix:/run/scheduler")),
    ],
)
def test_trusted_peer_says_who_gives_a_command(claims: ActorClaims, call: Call) -> None:
    call.metadata = claim("Алиса@nas")
    assert of(claims, call) == "Алиса@nas"


@pytest.mark.parametrize(
    ("claims", "call"),
    [
        (ActorClaims(), Call()),
        (ActorClaims(), Call("ipv4:127.0.0.1:51234", certificate={"x509_common_name": [b"gateway"]})),
        (ActorClaims(on_loopback=True), Call()),
        (ActorClaims(on_loopback=True), Call("ipv4:10.127.0.1:1")),
        (ActorClaims(frozenset({"gateway"})), Call(certificate={"x509_common_name": [b"gateway.evil"]})),
        (ActorClaims(frozenset({"gateway"})), Call(certificate={"x509_pem_cert": [b"gateway"]})),
    ],
)
def test_others_are_not_believed(claims: ActorClaims, call: Call) -> None:
    call.metadata = claim("root")
    assert of(claims, call) == "unknown"


def test_shared_secret_makes_a_claim_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = ActorClaims(secret=SECRET)
    assert of(claims, Call(metadata=claim("alice"))) == "unknown"
    monkeypatch.setenv("ASYNCTASK_ACTOR_SECRET", f"{SECRET}!")
    assert of(claims, Call(metadata=claim("alice"))) == "unknown"
    monkeypatch.setenv("ASYNCTASK_ACTOR_SECRET", SECRET)
    assert of(claims, Call(metadata=claim("alice"))) == "alice"
    # Without a secret of its own, a scheduler trusts no secret: not an empty one either.
    assert (
        of(ActorClaims(), Call(metadata=[*claim("alice"), ("asynctask-actor-secret-bin", b"")])) == "unknown"
    )


def test_hostile_claims_are_cut_to_what_can_be_stored() -> None:
    claims = ActorClaims(on_loopback=True)
    call = Call("unix:", metadata=[("asynctask-actor-bin", b"\xff\x00" + b"x" * 10_000)])
    kept = of(claims, call)
    assert len(kept) == 128
    assert "\0" not in kept
    assert kept.encode()
    for nothing in (b"", b"  \n\t "):
        assert of(claims, Call("unix:", metadata=[("asynctask-actor-bin", nothing)])) == "unknown"
    coloured = Call("unix:", metadata=[("asynctask-actor-bin", b"bob\x1b[31m\nroot")])
    assert of(claims, coloured) == "bob\\x1b[31m\\nroot"


def test_client_claims_what_it_is_told_else_the_variable_else_user_and_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def said(actor: str | None) -> str:
        return dict(claim(actor))["asynctask-actor-bin"].decode()

    monkeypatch.delenv("ASYNCTASK_ACTOR", raising=False)
    assert "@" in said(None)
    monkeypatch.setenv("ASYNCTASK_ACTOR", "nightly job")
    assert said(None) == "nightly job"
    assert said("alice") == "alice"
    for wrong, why in (
        (" ", "actor: must not be empty"),
        ("x" * 129, "actor: must be at most 128 characters; got 129"),
    ):
        with pytest.raises(InvalidInput, match=why):
            claim(wrong)
