"""Connections with TLS, both ends with certificates."""

from pathlib import Path

import grpc
import grpc.aio
import pytest

from asynctask import Client, Context, Executor, TaskType, Tls, errors
from asynctask_core.ids import id_text, new_id
from tests.integration.sdk.asking import ask
from tests.integration.sdk.loopback import LoopbackScheduler, running_executor
from tests.support.certificates import make_certificate, needs_openssl


@needs_openssl
async def test_executor_and_client_reach_a_scheduler_that_demands_certificates(tmp_path: Path, monkeypatch):
    """Fails when one of an executor's three ways to the scheduler (stream, calls, renewals) is plain."""
    certificate, key = make_certificate(tmp_path, "server")
    own, own_key = make_certificate(tmp_path, "own")
    scheduler, server = LoopbackScheduler(), grpc.aio.server()
    server.add_generic_rpc_handlers([scheduler.handlers()])
    credentials = grpc.ssl_server_credentials(
        [(key.read_bytes(), certificate.read_bytes())], own.read_bytes(), require_client_auth=True
    )
    address = f"localhost:{server.add_secure_port('localhost:0', credentials)}"
    await server.start()
    kind = TaskType("lists")

    @kind.stage
    async def work(ctx: Context[None]) -> int:
        await ctx.manifest.append("a")
        return (await ctx.manifest.counts()).total.items

    try:
        tls = Tls(authorities=certificate, certificate=own, key=own_key)
        async with running_executor(Executor([kind], address=address, tls=tls)):
            await scheduler.connected()
            assert (await scheduler.has_ended(scheduler.assign(kind), "SUCCESS")).result_json == "1"
        assert scheduler.renewals
        monkeypatch.setenv("ASYNCTASK_TLS_AUTHORITIES", str(certificate))
        for style in ("async", "blocking"):
            # Without a certificate of its own a client is not let in.
            with pytest.raises(errors.StoreUnavailable, match="cannot reach the scheduler"):
                await ask(style, address, "get", id_text(new_id()))
        monkeypatch.setenv("ASYNCTASK_TLS_CERTIFICATE", str(own))
        monkeypatch.setenv("ASYNCTASK_TLS_KEY", str(own_key))
        for style in ("async", "blocking"):
            # It is let in, and asks for what this server has not: a service of tasks.
            with pytest.raises(errors.Unreachable, match=r"is no scheduler of AsyncTask.*Method not found"):
                await ask(style, address, "get", id_text(new_id()))
    finally:
        await server.stop(None)


def test_every_wrong_file_is_named(tmp_path: Path):
    gone = tmp_path / "gone.pem"
    with pytest.raises(errors.InvalidInput) as caught:
        Client("here:1", tls=Tls(authorities=gone, certificate=gone, key=__file__))
    fields = [violation.field for violation in caught.value.violations]
    assert fields == ["tls.authorities", "tls.certificate"]
    assert f"{gone}: No such file or directory" in str(caught.value)


def test_certificate_without_its_key_is_refused_from_the_environment_too(monkeypatch):
    monkeypatch.setenv("ASYNCTASK_TLS_KEY", __file__)
    with pytest.raises(errors.InvalidInput, match="ASYNCTASK_TLS_CERTIFICATE"):
        Client("here:1")
