"""One cluster with an executor for all tests of the command line; tests of `up` start their own."""

from collections.abc import Iterator

import pytest

from tests.e2e.standalone.running import Up, executor, up


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with up(tmp_path_factory.mktemp("cluster") / "data") as running, executor(running):
        yield running
