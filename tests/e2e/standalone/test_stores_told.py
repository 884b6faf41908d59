"""What `asynctask up` and `asynctask doctor` say of stores that refuse writes, or whose disk fills up."""

from __future__ import annotations

import json

import pytest
import redis

from tests.e2e.standalone.running import up
from tests.support.mounts import Mounted, fill, mounted

__all__ = ["mounted"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_up_and_doctor_say_which_store_is_in_trouble_where_and_how_much_is_free(mounted: Mounted) -> None:
    data = mounted("data", size="320m")
    with up(data) as cluster:
        assert cluster.process.stderr
        said = cluster.process.stderr.readline
        port = cluster.ready["redis_url"].rpartition(":")[2].partition("/")[0]
        password = (data / "redis" / "password").read_text()
        with redis.Redis(port=int(port), password=password) as store:
            store.config_set("min-replicas-to-write", 1)
            assert said().startswith("scheduler: Redis refuses writes: too few of its replicas are connected")
            found = json.loads(cluster.cli("doctor", "--json", exit_code=1).stdout)["stores"]
            assert [(one["store"], one["takes_writes"]) for one in found] == [
                ("Postgres", True),
                ("Redis", False),
            ]
            assert found[0]["folder"] == str(data / "postgres")
            assert 0 < found[0]["free_bytes"] < 320 << 20
            shown = cluster.cli("doctor", exit_code=1).stdout
            assert "Redis refuses writes: too few of its replicas" in " ".join(shown.split())
            store.config_set("min-replicas-to-write", 0)
        assert "Redis takes writes again" in said()
        assert cluster.cli("doctor").exit_code == 0

        fill(data / "ballast", leave=5 << 20)
        told = {said().partition(" MiB")[0].rpartition(" ")[0] for _ in range(2)}
        assert told == {
            "registry: Postgres takes writes; little room is left,",
            "scheduler: Redis takes writes; little room is left,",
        }
        (data / "ballast").unlink()
        assert all("are free in" in said() for _ in range(2))
