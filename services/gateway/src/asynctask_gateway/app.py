"""Constructs the gateway's parts, and defines the order in which they start and stop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import grpc
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Route as HttpRoute
from starlette.routing import Router
from starlette.types import ASGIApp

from asynctask_chassis.channel import open_channel
from asynctask_chassis.exporter import Exporter
from asynctask_chassis.logs import get_logger
from asynctask_chassis.service_runner import Endpoints
from asynctask_chassis.tls import TlsFiles
from asynctask_gateway.console_files import ConsoleFiles
from asynctask_gateway.edge.access import Access, TokenSessions
from asynctask_gateway.edge.cors import AllowedOrigins
from asynctask_gateway.edge.headers import SafeHeaders
from asynctask_gateway.edge.http_server import HttpServer
from asynctask_gateway.edge.refusals import Refusals
from asynctask_gateway.edge.request_log import RequestLog
from asynctask_gateway.edge.sign_in import SignIn
from asynctask_gateway.edge.strangers import NoStrangers
from asynctask_gateway.live.cluster_changes import ClusterChanges
from asynctask_gateway.live.cluster_reads import cluster_reads
from asynctask_gateway.live.shared_watch import SharedWatches
from asynctask_gateway.live.stopping import Stopping
from asynctask_gateway.live.tails import TailEndpoint
from asynctask_gateway.live.watches import WatchEndpoint, opened_by
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_gateway.own_addresses import base_path_of, is_loopback, names_of
from asynctask_gateway.rest.endpoint import Endpoint
from asynctask_gateway.rest.openapi import served_document
from asynctask_gateway.rest.routes import Route, routes
from asynctask_gateway.rest.scheduler import SchedulerCalls
from asynctask_gateway.rest.short_names import ShortNames
from asynctask_gateway.settings import GatewaySettings

log = get_logger(__name__)

WATCH = "WatchTasks"
"""Its streams are shared by all readers of one filter."""
SMALL_BYTES = 1024
"""Smaller answers are sent as they are."""


class Gateway:
    """Everything that one replica consists of, constructed and not yet running."""

    def __init__(self, settings: GatewaySettings, channel: grpc.aio.Channel) -> None:
        self.settings = settings
        self.metrics = GatewayMetrics()
        self.stopping = Stopping()
        self.scheduler = SchedulerCalls(
            channel,
            actor_secret=settings.actor_secret or "",
            timeout_s=settings.call_timeout.total_seconds(),
        )
        watch = next(route for route in routes() if route.call.name == WATCH)
        self.watches = SharedWatches(opened_by(self.scheduler, watch), self.metrics)
        self.cluster = ClusterChanges(cluster_reads(self.scheduler), self.stopping, self.metrics)
        self.base_path = base_path_of(settings.base_path)

    def app(self) -> ASGIApp:
        """The ASGI application: its parts from the inside to the outside."""
        settings = self.settings
        sessions = TokenSessions(settings.token or "")
        app: ASGIApp = Router(
            self._routes(SignIn(sessions, path=self.base_path)),
            redirect_slashes=False,
            default=ConsoleFiles(self.base_path, settings.cli_address or ""),
        )
        app = GZipMiddleware(app, minimum_size=SMALL_BYTES)
        app = Access(app, sessions, guarded=self._is_guarded)
        app = NoStrangers(
            app,
            hosts=names_of(settings.hosts),
            origins=names_of(settings.cors_origins),
            is_loopback=is_loopback(settings.address),
        )
        app = Refusals(app)
        if origins := names_of(settings.cors_origins):
            app = AllowedOrigins(app, origins)
        return RequestLog(SafeHeaders(app), self.metrics)

    def _routes(self, sign_in: SignIn) -> list[HttpRoute]:
        short = ShortNames(self.scheduler)
        own: list[tuple[str, str, Callable[[Any], Any]]] = [
            ("GET", "/api/session", sign_in.look),
            ("POST", "/api/session", sign_in.begin),
            ("DELETE", "/api/session", sign_in.end),
            ("GET", "/api/openapi.json", self._openapi),
            ("GET", "/api/v1/cluster/watch", self.cluster.endpoint(self.settings.event_streams)),
            ("POST", "/submit_task", short.submit),
            ("GET", "/query_task", short.query),
        ]
        served = [(route.verb, route.path, self._endpoint(route)) for route in routes()]
        by_path: dict[str, dict[str, Callable[[Any], Any]]] = {}
        for verb, path, endpoint in (*own, *served):
            by_path.setdefault(path, {})[verb] = partial(_named, f"{path}", endpoint)
        return [
            HttpRoute(self.base_path + path, _by_verb(verbs), methods=[*verbs])
            for path, verbs in by_path.items()
        ]

    def _endpoint(self, route: Route) -> Callable[[Any], Any]:
        if not route.is_stream:
            return Endpoint(route, self.scheduler)
        most = self.settings.event_streams
        if route.call.name == WATCH:
            return WatchEndpoint(
                route, self.scheduler, self.watches, self.stopping, self.metrics, most_streams=most
            )
        return TailEndpoint(route, self.scheduler, self.stopping, self.metrics, most_streams=most)

    async def _openapi(self, _: Any) -> Response:
        return Response(served_document(self.base_path), media_type="application/json")

    def _is_guarded(self, path: str) -> bool:
        """Whether a path shows or changes anything of the cluster."""
        inner = path.removeprefix(self.base_path)
        return inner.startswith(("/api/", "/submit_task", "/query_task")) and inner != "/api/session"


@asynccontextmanager
async def serve(settings: GatewaySettings) -> AsyncIterator[Endpoints]:
    """Serve REST, live events and the console."""
    _warn_of_token_in_clear(settings)
    async with AsyncExitStack() as stack:
        channel = open_channel(settings.scheduler_address, tls=_scheduler_tls(settings))
        stack.push_async_callback(channel.close)
        gateway = Gateway(settings, channel)
        exporter = await stack.enter_async_context(
            Exporter(settings.metrics_address, gateway.metrics.registry)
        )
        server = await stack.enter_async_context(
            HttpServer(
                gateway.app(),
                settings.address,
                tls=_own_tls(settings),
                connections=settings.connections,
                grace_s=settings.grace_period.total_seconds() / 2,
            )
        )
        stack.callback(gateway.stopping.set)
        yield Endpoints(address=server.address, metrics_port=exporter.port)


def _warn_of_token_in_clear(settings: GatewaySettings) -> None:
    if settings.token is not None and settings.tls_certificate is None and not is_loopback(settings.address):
        log.warning(
            "token.in_clear",
            reason="without HTTPS the token and sessions can be read on the way: set tls_certificate and tls_key, or "
            "let a proxy on this machine end HTTPS",
        )


def _by_verb(verbs: dict[str, Callable[[Any], Any]]) -> Callable[[Any], Any]:
    async def dispatch(request: Any) -> Response:
        verb = "GET" if request.method == "HEAD" else request.method
        return await verbs[verb](request)

    return dispatch


async def _named(route: str, endpoint: Callable[[Any], Any], request: Any) -> Response:
    request.scope["asynctask.route"] = route
    return await endpoint(request)


def _own_tls(settings: GatewaySettings) -> Any:
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    TlsFiles(settings.tls_certificate, settings.tls_key).check()
    return settings.tls_certificate, settings.tls_key


def _scheduler_tls(settings: GatewaySettings) -> TlsFiles | None:
    if settings.scheduler_authorities is None:
        return None
    return TlsFiles(settings.scheduler_certificate, settings.scheduler_key, settings.scheduler_authorities)
