"""Server, channel and interceptors together, over real connections."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast

import grpc
import pytest
import structlog
from google.longrunning import operations_proto_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from prometheus_client import CollectorRegistry

from asynctask_chassis import patience
from asynctask_chassis.channel import open_channel, target_of
from asynctask_chassis.interceptors.standard import standard_interceptors
from asynctask_chassis.interceptors.telemetry import trace_metadata
from asynctask_chassis.metrics import RpcMetrics, new_metrics_registry
from asynctask_chassis.server import Server
from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput, NotReady, Overloaded, TaskNotFound
from asynctask_core.status import from_rpc_error
from tests.support.conditions import eventually
from tests.support.faults import FaultProxy

HEALTH = health_pb2.HealthCheckResponse
KITCHEN = "/kitchen.Kitchen/"
HTTP2_SETTINGS, HTTP2_MAX_CONCURRENT_STREAMS, HTTP2_MAX_HEADER_LIST_SIZE = 4, 3, 6
"""Of RFC 9113: the type of a frame, and the numbers of two settings in it."""
NO_DETAILS = "grpc-status-details-bin"


class Kitchen:
    """Handlers of all four kinds; the request says what to do."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.cancelled = asyncio.Event()

    async def cook(self, request: bytes, context: Any) -> bytes:
        match request:
            case b"absent":
                raise TaskNotFound("task 7 does not exist")
            case b"full":
                raise Overloaded("the queue is full", retry_after_ms=200)
            case b"broken":
                raise RuntimeError("secret payload")
            case b"stray":
                raise asyncio.CancelledError
            case b"long":
                raise InvalidInput([FieldViolation(f"task_config.items[{i}]", "x" * 100) for i in range(500)])
            case b"abort":
                await context.abort(grpc.StatusCode.DATA_LOSS, "spilt")
            case b"hang":
                self.entered.set()
                try:
                    await asyncio.Event().wait()
                finally:
                    self.cancelled.set()
            case b"trace":
                return json.dumps([structlog.contextvars.get_contextvars(), trace_metadata()]).encode()
            case _:
                return request.upper()
        raise AssertionError

    async def serve(self, request: bytes, context: Any) -> AsyncIterator[bytes]:
        yield request
        try:
            while request == b"flood":
                yield request * 50_000
        finally:
            self.cancelled.set()
        if request == b"absent":
            raise TaskNotFound("task 7 does not exist")
        if request == b"stray":
            raise asyncio.CancelledError
        if request == b"hang":
            self.entered.set()
            await asyncio.Event().wait()

    async def write(self, request: bytes, context: Any) -> None:
        await context.write(request)
        await context.write(request)

    async def gather(self, requests: AsyncIterator[bytes], context: Any) -> bytes:
        return b"".join([request async for request in requests])

    async def talk(self, requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        async for request in requests:
            yield request.upper()


def add_kitchen(kitchen: Kitchen, server: grpc.aio.Server) -> None:
    handlers: dict[str, Any] = {
        "Cook": grpc.unary_unary_rpc_method_handler(kitchen.cook),
        "Serve": grpc.unary_stream_rpc_method_handler(kitchen.serve),
        "Write": grpc.unary_stream_rpc_method_handler(kitchen.write),
        "Gather": grpc.stream_unary_rpc_method_handler(kitchen.gather),
        "Talk": grpc.stream_stream_rpc_method_handler(kitchen.talk),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("kitchen.Kitchen", handlers),))


class Place:
    def __init__(
        self, server: Server, channel: grpc.aio.Channel, kitchen: Kitchen, registry: CollectorRegistry
    ):
        self.server, self.channel, self.kitchen, self.registry = server, channel, kitchen, registry

    async def cook(self, request: bytes, **options: Any) -> bytes:
        return await self.channel.unary_unary(KITCHEN + "Cook")(request, **options)

    def count(self, method: str, code: str) -> float | None:
        labels = {"method": KITCHEN + method, "code": code}
        return self.registry.get_sample_value("asynctask_kitchen_rpc_handled_total", labels)

    async def counted(self, method: str, code: str, times: float = 1) -> None:
        """Wait for it to be counted: the caller may have its answer before the server has closed the call."""
        await eventually(lambda: self.count(method, code) == times)


@asynccontextmanager
async def place(**options: Any) -> AsyncIterator[Place]:
    registry = new_metrics_registry()
    kitchen = Kitchen()
    interceptors = standard_interceptors(RpcMetrics("kitchen", registry), **options)
    server = Server("127.0.0.1:0", interceptors=interceptors, grace_period=timedelta(milliseconds=200))
    server.add(add_kitchen, kitchen, operations_proto_pb2.DESCRIPTOR)
    async with server, open_channel(server.address) as channel:
        yield Place(server, channel, kitchen, registry)


async def test_the_real_port_of_port_0_is_known():
    async with place() as here:
        assert here.server.port > 0
        assert here.server.address == f"127.0.0.1:{here.server.port}"


async def test_a_port_that_is_taken_is_refused_and_not_shared():
    async with place() as here:
        with pytest.raises(OSError, match="cannot listen on"):
            await Server(here.server.address).start()


async def test_every_kind_of_call_passes_the_interceptors():
    async with place() as here:
        assert await here.cook(b"soup") == b"SOUP"
        serve = here.channel.unary_stream(KITCHEN + "Serve")
        assert [message async for message in serve(b"soup")] == [b"soup"]
        write = here.channel.unary_stream(KITCHEN + "Write")
        assert [message async for message in write(b"soup")] == [b"soup", b"soup"]
        gather = here.channel.stream_unary(KITCHEN + "Gather")
        assert await gather(iter([b"a", b"b"])) == b"ab"
        talk = here.channel.stream_stream(KITCHEN + "Talk")
        assert [message async for message in talk(iter([b"a", b"b"]))] == [b"A", b"B"]
        for method in ("Cook", "Serve", "Write", "Gather", "Talk"):
            await here.counted(method, "OK")


async def test_errors_of_the_catalogue_arrive_as_they_were_raised():
    async with place() as here:
        with pytest.raises(grpc.aio.AioRpcError) as absent:
            await here.cook(b"absent")
        error = from_rpc_error(absent.value)
        assert isinstance(error, TaskNotFound)
        assert error.message == "task 7 does not exist"
        assert absent.value.code() is grpc.StatusCode.NOT_FOUND
        with pytest.raises(grpc.aio.AioRpcError) as full:
            await here.cook(b"full")
        assert from_rpc_error(full.value).retry_after_ms == 200
        await here.counted("Cook", "NOT_FOUND")
        await here.counted("Cook", "RESOURCE_EXHAUSTED")


async def test_a_stream_may_fail_after_messages():
    async with place() as here:
        got: list[bytes] = []
        with pytest.raises(grpc.aio.AioRpcError) as caught:  # noqa: PT012
            async for message in here.channel.unary_stream(KITCHEN + "Serve")(b"absent"):
                got.append(message)  # noqa: PERF401
        assert got == [b"absent"]
        assert isinstance(from_rpc_error(caught.value), TaskNotFound)
        await here.counted("Serve", "NOT_FOUND")


async def test_an_unknown_exception_is_internal_with_a_log_id_and_tells_nothing():
    async with place() as here:
        with structlog.testing.capture_logs() as logs, pytest.raises(grpc.aio.AioRpcError) as caught:
            await here.cook(b"broken")
        assert caught.value.code() is grpc.StatusCode.INTERNAL
        assert "secret" not in str(caught.value.details())
        (line,) = [line for line in logs if line["event"] == "rpc.failed"]
        assert line["log_id"] in str(caught.value.details())
        await here.counted("Cook", "INTERNAL")


@pytest.mark.parametrize("method", ["Cook", "Serve"])
async def test_a_call_of_which_a_callee_was_cancelled_has_failed_and_is_not_left_open(method: str):
    """Fails when: an executor keeps a stream on which nothing comes any more, or a client waits for its deadline."""
    async with place() as here:
        call = here.channel.unary_stream(KITCHEN + method)(b"stray", timeout=5)

        async def answers() -> list[bytes]:
            return [answer async for answer in call]

        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await answers()
        assert caught.value.code() is grpc.StatusCode.INTERNAL
        await here.counted(method, "INTERNAL")


async def test_an_error_with_very_many_violations_still_arrives():
    async with place() as here, grpc.aio.insecure_channel(here.server.address) as plain:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await plain.unary_unary(KITCHEN + "Cook")(b"long")
        error = from_rpc_error(caught.value)
        assert isinstance(error, InvalidInput)
        assert error.violations[0].field == "task_config.items[0]"
        assert len(error.violations) > 10


async def test_an_abort_of_a_handler_stays_as_it_is():
    async with place() as here:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await here.cook(b"abort")
        assert caught.value.code() is grpc.StatusCode.DATA_LOSS
        await here.counted("Cook", "DATA_LOSS")


async def test_a_handler_without_a_callers_deadline_is_bounded_by_ours():
    async with place(deadline=timedelta(milliseconds=50)) as here:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await here.cook(b"hang")
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        await asyncio.wait_for(here.kitchen.cancelled.wait(), 60)
        await here.counted("Cook", "DEADLINE_EXCEEDED")


async def test_a_method_may_have_a_deadline_of_its_own():
    async with place(deadlines={KITCHEN + "Cook": timedelta(milliseconds=50)}) as here:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await here.cook(b"hang", timeout=30)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_the_callers_deadline_ends_the_handler_even_when_nothing_is_heard_of_the_caller():
    async with (
        place() as here,
        FaultProxy(here.server.address) as proxy,
        open_channel(proxy.address) as channel,
    ):
        call = channel.unary_unary(KITCHEN + "Cook")(b"hang", timeout=3)
        await here.kitchen.entered.wait()
        proxy.blackhole()
        async with asyncio.timeout(60):
            await here.kitchen.cancelled.wait()
        with pytest.raises(grpc.aio.AioRpcError):
            await call


async def test_an_unknown_method_is_unimplemented_and_leaves_no_label():
    async with place() as here:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await here.channel.unary_unary(KITCHEN + "Fry")(b"")
        assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
        assert here.count("Fry", "UNIMPLEMENTED") is None


async def test_open_streams_are_a_metric():
    async with place() as here:
        labels = {"method": KITCHEN + "Serve"}
        stream = here.channel.unary_stream(KITCHEN + "Serve")(b"hang")
        await here.kitchen.entered.wait()
        assert here.registry.get_sample_value("asynctask_kitchen_rpc_open_streams", labels) == 1
        stream.cancel()
        async with asyncio.timeout(60):
            while here.registry.get_sample_value("asynctask_kitchen_rpc_open_streams", labels):
                await asyncio.sleep(0.005)


async def test_stream_that_nobody_reads_is_ended_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch):
    """Fails when: a write waits for its peer without bound, with all that the handler holds."""
    monkeypatch.setattr(patience, "UNREAD_S", 0.2)
    async with place() as here:
        deaf = here.channel.unary_stream(KITCHEN + "Serve")(b"flood")
        assert await here.cook(b"soup") == b"SOUP"
        await asyncio.wait_for(here.kitchen.cancelled.wait(), 60)
        labels = {"method": KITCHEN + "Serve"}
        assert here.registry.get_sample_value("asynctask_kitchen_rpc_unread_streams_total", labels) == 1
        await eventually(
            lambda: not here.registry.get_sample_value("asynctask_kitchen_rpc_open_streams", labels)
        )
        # It reads after all: what was on its way, and then why it ended.
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            async for _ in deaf:
                pass
        assert isinstance(from_rpc_error(caught.value), NotReady)


class DeafContext:
    """A call whose peer takes nothing, not even the end."""

    async def write(self, message: bytes) -> None:
        await asyncio.Event().wait()

    async def abort(self, *status: object) -> None:
        await asyncio.Event().wait()

    def peer(self) -> str:
        return "somebody"


async def test_stream_whose_peer_does_not_take_its_end_either_holds_nothing(monkeypatch: pytest.MonkeyPatch):
    """Fails when: telling why the stream ends waits for the peer without bound, with all that the call holds."""
    monkeypatch.setattr(patience, "UNREAD_S", 0.01)
    monkeypatch.setattr(patience, "GIVE_UP_S", 0.01)
    kitchen, deaf = Kitchen(), cast(Any, DeafContext())
    (interceptor,) = standard_interceptors(RpcMetrics("kitchen", new_metrics_registry()))
    write = interceptor._written(KITCHEN + "Serve", kitchen.serve)
    writing = asyncio.ensure_future(write(b"flood", deaf))
    await asyncio.wait([writing], timeout=20)
    assert writing.cancelled()


async def test_peer_that_reads_slowly_keeps_its_stream(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(patience, "UNREAD_S", 30)
    async with place() as here:
        slow = here.channel.unary_stream(KITCHEN + "Serve")(b"flood")
        for _ in range(20):
            assert await slow.read()
            await asyncio.sleep(0.01)
        slow.cancel()


async def test_the_callers_trace_is_bound_and_can_be_handed_on():
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    async with place() as here:
        bound = json.loads(await here.cook(b"trace", metadata=(("traceparent", trace),)))
        assert bound == [{"traceparent": trace}, [["traceparent", trace]]]
        assert json.loads(await here.cook(b"trace")) == [{}, []]


async def test_health_turns_to_not_serving_at_drain_while_calls_are_still_taken():
    async with place() as here:
        stub = cast(Any, health_pb2_grpc.HealthStub(here.channel))
        for name in ("", "google.longrunning.Operations"):
            assert (await stub.Check(health_pb2.HealthCheckRequest(service=name))).status == HEALTH.SERVING
        await here.server.drain()
        assert (await stub.Check(health_pb2.HealthCheckRequest())).status == HEALTH.NOT_SERVING
        assert await here.cook(b"soup") == b"SOUP"


async def test_message_that_grows_when_it_is_decompressed_is_refused_before_that():
    """Fails when: compressed messages are taken. Some releases of gRPC decompress them before they look at the length,
    so that 16 MiB of gzip could fill the memory of a service."""
    async with place() as here:
        for compression in (grpc.Compression.Gzip, grpc.Compression.Deflate):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await here.cook(b"\0" * 1_000_000, compression=compression)
            assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
        assert not here.kitchen.entered.is_set()
        assert await here.cook(b"soup", compression=grpc.Compression.NoCompression) == b"SOUP"


async def test_metadata_over_its_limit_is_refused_and_below_it_always_taken():
    """Fails when: gRPC's own two limits are left, between which it refuses calls by chance."""
    async with place() as here:
        fits, too_large = limits.METADATA_BYTES - 2_000, limits.METADATA_BYTES + 1_000
        for _ in range(10):
            assert await here.cook(b"soup", metadata=(("note", "x" * fits),)) == b"SOUP"
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await here.cook(b"soup", metadata=(("note", "x" * too_large),))
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_connection_is_told_how_many_calls_it_may_have_and_how_much_metadata():
    async with place() as here:
        reader, writer = await asyncio.open_connection("127.0.0.1", here.server.port)
        writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0")
        head = await reader.readexactly(9)
        assert head[3] == HTTP2_SETTINGS
        told = await reader.readexactly(int.from_bytes(head[:3], "big"))
        writer.close()
    settings = dict(struct.iter_unpack("!HI", told))
    assert settings[HTTP2_MAX_CONCURRENT_STREAMS] == limits.CONNECTION_CALLS
    assert settings[HTTP2_MAX_HEADER_LIST_SIZE] == limits.METADATA_BYTES


async def test_reflection_names_the_services():
    async with place() as here:
        stub = cast(Any, reflection_pb2_grpc).ServerReflectionStub(here.channel)
        call = stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))
        reply = await anext(aiter(call))
        names = {service.name for service in reply.list_services_response.service}
        assert {"google.longrunning.Operations", "grpc.health.v1.Health"} <= names


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("unary_unary", "/grpc.health.v1.Health/Check"),
        ("unary_stream", "/grpc.health.v1.Health/Watch"),
        ("stream_stream", "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"),
    ],
)
async def test_bytes_that_are_no_message_of_a_method_are_refused_as_such(kind: str, method: str):
    async with place() as here:
        call = getattr(here.channel, kind)(method)(b"\xff" if kind != "stream_stream" else iter([b"\xff"]))
        with pytest.raises(grpc.aio.AioRpcError, match="cannot be read as what this method takes") as caught:
            await (call if kind == "unary_unary" else anext(aiter(call)))
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_grpc_waits_for_a_call_of_any_method_and_not_for_each_apart():
    """Fails when every call costs callbacks as many as there are methods."""
    async with place() as here:
        await here.cook(b"soup")
        waiting = [repr(task) for task in asyncio.all_tasks()]
        assert not [one for one in waiting if "_request_registered_call" in one]


async def test_stop_waits_for_calls_in_progress_and_then_cancels_them():
    async with place() as here:
        call = asyncio.create_task(here.cook(b"hang"))
        await here.kitchen.entered.wait()
        await here.server.stop()
        with pytest.raises(grpc.aio.AioRpcError):
            await call
        assert here.kitchen.cancelled.is_set()


async def test_a_channel_spreads_calls_over_several_replicas_and_passes_a_dead_one_by():
    async with place() as one, place() as two:  # noqa: SIM117
        async with open_channel(f"{one.server.address},{two.server.address}") as channel:
            cook = channel.unary_unary(KITCHEN + "Cook")
            calls = 10
            for _ in range(calls):
                await cook(b"soup", wait_for_ready=True)
            async with asyncio.timeout(60):
                while not (one.count("Cook", "OK") and two.count("Cook", "OK")):
                    await cook(b"soup")
                    calls += 1
            await eventually(lambda: (one.count("Cook", "OK") or 0) + (two.count("Cook", "OK") or 0) == calls)
            await two.server.stop()
            before = one.count("Cook", "OK") or 0
            for _ in range(4):
                await cook(b"soup", wait_for_ready=True)
            await one.counted("Cook", "OK", before + 4)


async def test_a_channel_connects_to_a_server_that_is_far_away():
    """Fails when gRPC gives an attempt no longer than the pause before the next one, half a second."""
    async with place() as here, FaultProxy(here.server.address) as proxy:
        proxy.delay(0.7)
        async with open_channel(proxy.address) as channel:
            assert await channel.unary_unary(KITCHEN + "Cook")(b"soup") == b"SOUP"


@pytest.mark.parametrize(
    ("addresses", "target"),
    [
        ("registry:7610", "dns:///registry:7610"),
        ("10.0.0.1:1, 10.0.0.2:2", "ipv4:10.0.0.1:1,10.0.0.2:2"),
        ("[::1]:1,[::2]:2", "ipv6:[::1]:1,[::2]:2"),
        ("unix:/run/registry.sock", "unix:/run/registry.sock"),
    ],
)
def test_addresses_become_targets(addresses: str, target: str):
    assert target_of(addresses) == target


@pytest.mark.parametrize("addresses", ["one:1,two:2", "10.0.0.1:1,[::1]:2", "", "10.0.0.1,10.0.0.2"])
def test_addresses_that_grpc_cannot_resolve_are_refused(addresses: str):
    with pytest.raises(ValueError, match="ip:port"):
        target_of(addresses)
