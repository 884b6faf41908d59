"""Settings of the gateway: one frozen dataclass, read once in `__main__`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Final

from asynctask_chassis.setting_rules import LongEnough, Needs, Rule, WellFormed, is_address
from asynctask_chassis.settings import ServiceSettings, setting
from asynctask_gateway.own_addresses import all_hosts, all_origins, is_base_path, is_loopback

LEAST_TOKEN_CHARS: Final = 32


@dataclass(frozen=True, slots=True)
class TokenOffLoopback:
    """An address that other machines reach needs a token: the cluster would be open to all of them."""

    @property
    def names(self) -> tuple[str, str]:
        """See `Rule`."""
        return "address", "token"

    def is_broken(self, values: Mapping[str, object]) -> bool:
        """See `Rule`."""
        address = str(values["address"])
        return is_address(address) and not is_loopback(address) and not values["token"]

    def mistake(self, first: str, second: str) -> str:
        """See `Rule`."""
        return (
            f"{first} is reachable from other machines, so it needs {second}: at least {LEAST_TOKEN_CHARS} characters, "
            "or ASYNCTASK_GATEWAY_TOKEN_FILE with the path of a file that has them"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings(ServiceSettings):
    """The settings of a gateway."""

    service: ClassVar[str] = "gateway"
    rules: ClassVar[tuple[Rule, ...]] = (
        Needs("tls_certificate", "tls_key", "it is of no use without its key"),
        Needs("tls_key", "tls_certificate", "the server would be plain"),
        Needs("scheduler_certificate", "scheduler_authorities", "the connection would be plain"),
        Needs("scheduler_key", "scheduler_certificate", "a key without its certificate proves nothing"),
        LongEnough("token", LEAST_TOKEN_CHARS, "it could be guessed"),
        WellFormed("token", str.isascii, "of ASCII characters, which every program can send in a header"),
        TokenOffLoopback(),
        WellFormed(
            "base_path",
            is_base_path,
            "a path such as /task, of ASCII letters and digits and any of . _ ~ + = : @ -",
        ),
        WellFormed("cli_address", is_address, "an address such as tasks.example.com:7600"),
        WellFormed("hosts", all_hosts, "names such as tasks.example.com, without scheme, path and *"),
        WellFormed("cors_origins", all_origins, "origins such as https://shop.example, without path and *"),
    )

    address: str = setting(
        default="127.0.0.1:7680",
        help="Address of REST and console over HTTP; port 0 takes a free one. Any other than a loopback address needs "
        "a token.",
    )
    scheduler_address: str = setting(
        default="127.0.0.1:7600",
        help="The schedulers: `host:port` of all replicas, or several `ip:port` with commas.",
    )
    cli_address: str | None = setting(
        default=None,
        help="Address of the schedulers for people's terminals, as `host:port`: the console names it in the commands "
        "that it shows. Without it they name none.",
    )
    scheduler_authorities: Path | None = setting(
        default=None,
        help="PEM file of authorities that the schedulers' certificates are checked against; turns TLS on.",
    )
    scheduler_certificate: Path | None = setting(
        default=None, help="PEM file of the gateway's own certificate, for schedulers that ask for one."
    )
    scheduler_key: Path | None = setting(default=None, help="PEM file of the key of that certificate.")
    token: str | None = setting(
        default=None,
        secret=True,
        help="What programs send as a bearer and people sign in with: at least 32 characters. Without it, the gateway "
        "is open to everybody who reaches its address.",
    )
    tls_certificate: Path | None = setting(
        default=None, help="PEM file of the gateway's certificate for browsers; turns HTTPS on."
    )
    tls_key: Path | None = setting(default=None, help="PEM file of the key of that certificate.")
    base_path: str = setting(
        default="",
        help="Path under which a proxy serves the gateway, such as `/task`; the proxy keeps it in the URL.",
    )
    hosts: str | None = setting(
        default=None,
        help="Names, with commas, under which people reach the gateway, such as `tasks.example.com`; requests for "
        "other hosts are refused. On a loopback address always the names of this machine.",
    )
    cors_origins: str | None = setting(
        default=None,
        help="Other sites, with commas, whose pages may use the REST API, such as `https://shop.example`.",
    )
    actor_secret: str | None = setting(
        default=None,
        secret=True,
        help="The scheduler's `actor_secret`, so that it believes who gives a command, where it trusts no certificate.",
    )
    call_timeout: timedelta = setting(
        default=timedelta(seconds=30),
        help="Longest call to a scheduler.",
        at_least=timedelta(seconds=1),
        at_most=timedelta(minutes=5),
    )
    event_streams: int = setting(
        default=10_000, help="Most open event streams.", at_least=1, at_most=1_000_000
    )
