"""The registry with TLS: who is let in, what schedulers need, and a certificate that is renewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from asynctask_chassis.channel import open_channel
from asynctask_chassis.tls import TlsFiles
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceStub
from asynctask_protos.scheduler.v1 import task_type_service_pb2 as types_pb
from asynctask_protos.scheduler.v1.task_type_service_pb2_grpc import TaskTypeServiceStub
from tests.integration.registry.kit import TYPE
from tests.support.certificates import make_certificate, needs_openssl
from tests.support.processes import Processes

CALL_S = 60


async def list_types(address: str, tls: TlsFiles | None) -> list[str]:
    async with open_channel(address, tls=tls) as channel:
        stub = cast(Any, LedgerServiceStub(channel))
        answer = await stub.ListTaskTypes(pb.ListTaskTypesRequest(), timeout=CALL_S)
        return [one.name for one in answer.task_types]


@needs_openssl
async def test_registry_lets_in_only_schedulers_with_a_certificate_and_takes_a_renewed_one_without_restart(
    postgres_url: str, redis_url: str, processes: Processes, tmp_path: Path
) -> None:
    certificate, key = make_certificate(tmp_path, "registry")
    own, own_key = make_certificate(tmp_path, "scheduler")
    registry = processes.service(
        "registry",
        POSTGRES_URL=postgres_url,
        TLS_CERTIFICATE=str(certificate),
        TLS_KEY=str(key),
        TLS_CLIENT_AUTHORITIES=str(own),
    )
    scheduler = processes.service(
        "scheduler",
        REDIS_URL=redis_url,
        REGISTRY_ADDRESS=registry.address,
        REGISTRY_AUTHORITIES=str(certificate),
        REGISTRY_CERTIFICATE=str(own),
        REGISTRY_KEY=str(own_key),
        CALL_TIMEOUT="30s",
        CELL="tls",
    )
    await registry.start()
    await scheduler.start()
    async with open_channel(scheduler.address) as channel:
        stub = cast(Any, TaskTypeServiceStub(channel))
        request = types_pb.RegisterTaskTypeRequest(task_type=TYPE)
        assert (await stub.RegisterTaskType(request, timeout=CALL_S)).task_type.version == 1

    tls = TlsFiles(own, own_key, certificate)
    assert await list_types(registry.address, tls) == [TYPE.name]
    async with open_channel(registry.address, tls=tls) as channel:
        health = cast(Any, health_pb2_grpc.HealthStub(channel))
        answer = await health.Check(health_pb2.HealthCheckRequest(), timeout=CALL_S)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        asked = reflection_pb2.ServerReflectionRequest(list_services="")
        reflection = cast(Any, reflection_pb2_grpc.ServerReflectionStub(cast(Any, channel)))
        async for reflected in reflection.ServerReflectionInfo(iter([asked]), timeout=CALL_S):
            names = [one.name for one in reflected.list_services_response.service]
            assert "asynctask.registry.v1.LedgerService" in names
    for stranger in (None, TlsFiles(authorities=certificate), TlsFiles(certificate, key, certificate)):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await list_types(registry.address, stranger)
        assert caught.value.code() == grpc.StatusCode.UNAVAILABLE

    # In the middle of a renewal, certificate and key do not fit: the registry stays with what it had.
    before = certificate.read_bytes()
    (trusted := tmp_path / "trusted.pem").write_bytes(before)
    (tmp_path / "new").mkdir()
    renewed, renewed_key = make_certificate(tmp_path / "new", "registry")
    renewed.replace(certificate)
    assert await list_types(registry.address, TlsFiles(own, own_key, trusted)) == [TYPE.name]
    renewed_key.replace(key)
    assert await list_types(registry.address, TlsFiles(own, own_key, certificate)) == [TYPE.name]
    log = registry.output()
    assert log.count("tls.renewal_refused") == 1
    assert log.count("tls.renewed") == 1
    assert await scheduler.stop() == 0
    assert await registry.stop() == 0


@needs_openssl
@pytest.mark.parametrize("service", ["registry", "scheduler"])
async def test_service_with_a_key_that_is_another_certificates_says_which_files_and_ends(
    service: str, processes: Processes, tmp_path: Path
) -> None:
    certificate, _ = make_certificate(tmp_path, "one")
    _, key = make_certificate(tmp_path, "two")
    settings = {"TLS_CERTIFICATE": str(certificate), "TLS_KEY": str(key)}
    stores = {"POSTGRES_URL": "postgresql://127.0.0.1:1/none"} if service == "registry" else {}
    process = processes.service(service, **settings, **stores)
    process.spawn()
    assert await process.wait() == 1
    assert f"{certificate} and {key} must be a PEM certificate and its key" in process.output()


async def test_registry_that_was_given_half_of_its_tls_settings_names_the_other_half(
    processes: Processes,
) -> None:
    url = "postgresql://127.0.0.1:1/none"
    process = processes.service("registry", POSTGRES_URL=url, TLS_KEY="/k", TLS_CLIENT_AUTHORITIES="/a")
    process.spawn()
    assert await process.wait() == 2
    output = process.output()
    assert "ASYNCTASK_REGISTRY_TLS_KEY (/k) needs ASYNCTASK_REGISTRY_TLS_CERTIFICATE" in output
    assert "ASYNCTASK_REGISTRY_TLS_CLIENT_AUTHORITIES (/a) needs ASYNCTASK_REGISTRY_TLS_CERTIFICATE" in output
