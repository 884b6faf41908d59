"""One cluster with an executor for all tests of the gateway; each module has a gateway of its own."""

from collections.abc import Iterator

import pytest

from tests.e2e.standalone.running import Up, executor, up
from tests.support.gateways import RunningGateway, a_gateway


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with up(tmp_path_factory.mktemp("cluster") / "data") as running, executor(running):
        yield running


@pytest.fixture(scope="module")
def gateway(cluster: Up, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with a_gateway(cluster.address, tmp_path_factory.mktemp("gateway")) as running:
        yield running
