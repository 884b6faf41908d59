"""What `up` refuses before it starts anything."""

import importlib.util
import json
import re
import shutil
import socket
import sys
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from asynctask_standalone.cli.app import app
from asynctask_standalone.supervisor.folder import DataFolder
from asynctask_standalone.supervisor.ports import any_free
from tests.support.certificates import make_certificate, needs_openssl

FREE = ("--address", "127.0.0.1:0", "--gateway-address", "127.0.0.1:0")


@pytest.mark.parametrize(
    ("option", "url", "says"),
    [
        ("--redis-url", "nonsense", "the scheme of a Redis URL is one of redis, rediss, unix,"),
        ("--redis-url", "http://127.0.0.1:1/0", "the scheme of a Redis URL is one of redis,"),
        ("--redis-url", "redis://127.0.0.1:x/0", "the port in a Redis URL is a number, not 'x'"),
        (
            "--postgres-url",
            "nonsense",
            "a Postgres URL begins with postgresql://, and this one names no scheme",
        ),
        (
            "--postgres-url",
            "mysql://127.0.0.1:1/db",
            "a Postgres URL begins with postgresql://, not with 'mysql'",
        ),
        ("--postgres-url", "postgresql://me@127.0.0.1:x/db", "'127.0.0.1:x' is not an address like"),
    ],
)
def test_url_that_names_no_store_is_wrong_usage(tmp_path: Path, option: str, url: str, says: str):
    """A service would have said so, at the end of a traceback, once everything before it was running."""
    data = tmp_path / "data"
    done = CliRunner().invoke(app, ["up", "--data", str(data), option, url, "--json"])
    assert (done.exit_code, done.stdout) == (2, "")
    error = json.loads(done.stderr)["error"]
    assert error["reason"] == "INVALID_INPUT"
    assert error["message"].startswith(f"{option}: {says}")
    assert not data.exists()


@pytest.mark.parametrize(
    ("option", "address", "says"),
    [
        ("--address", "nonsense", "'nonsense' is not an address like 127.0.0.1:7600"),
        (
            "--registry-address",
            "127.0.0.1:99999",
            "'127.0.0.1:99999' is not an address like 127.0.0.1:7600: ",
        ),
        ("--address", "192.0.2.1:7600", "cannot listen on 192.0.2.1:7600: "),
        ("--gateway-address", "http://127.0.0.1:0", "'http://127.0.0.1:0' has a scheme: write the host"),
    ],
)
def test_start_that_is_refused_for_its_address_says_the_option_and_leaves_no_folder(
    tmp_path: Path, option: str, address: str, says: str
):
    data = tmp_path / "new" / "data"
    other = [] if option == "--address" else ["--address", "127.0.0.1:0"]
    done = CliRunner().invoke(app, ["up", "--data", str(data), *other, option, address])
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error INVALID_INPUT: {option}: {says}")
    assert list(tmp_path.iterdir()) == []


def test_mistakes_in_settings_of_services_are_told_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Fails when a service tells them, once everything before it runs."""
    monkeypatch.setenv("ASYNCTASK_SCHEDULER_LEASE", "long")
    monkeypatch.setenv("ASYNCTASK_REGISTRY_NONSENSE", "1")
    done = CliRunner().invoke(app, ["up", "--data", str(tmp_path / "data"), *FREE])
    assert done.exit_code == 2
    assert "1 mistake in the settings of the registry" in done.stderr
    assert "ASYNCTASK_REGISTRY_NONSENSE is not a setting" in done.stderr
    assert "ASYNCTASK_SCHEDULER_LEASE is wrong: 'long' is not a duration" in done.stderr
    hint = re.search(r"`(\S+) --print-settings` shows all of them", done.stderr)
    assert hint
    command = shutil.which(hint[1])
    assert command, hint[1]
    assert Path(command).parent == Path(sys.executable).parent
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--address", "--gateway-address"])
def test_start_that_is_refused_for_a_taken_address_leaves_no_folder(tmp_path: Path, option: str):
    other = [] if option == "--address" else FREE[:2]
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        done = CliRunner().invoke(app, ["up", "--data", str(tmp_path / "data"), *other, option, address])
    assert done.exit_code == 4
    assert done.stderr.startswith(f"error ADDRESS_TAKEN: {address} is taken by another program")
    assert f"take another address: {option} 127.0.0.1:" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_two_parts_at_one_address_are_refused_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
):
    """Fails when the gateway says so, once both stores and the scheduler run."""
    monkeypatch.setenv("ASYNCTASK_GATEWAY_TOKEN", "x" * 32)
    port = any_free("127.0.0.1")
    line = ["up", "--data", str(tmp_path / "data"), "--address", f"127.0.0.1:{port}"]
    done = CliRunner().invoke(app, [*line, "--gateway-address", f"{host}:{port}"])
    assert done.exit_code == 2
    said = f"--gateway-address: must be another address than that of --address; got {host}:{port} for both"
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "ASYNCTASK_GATEWAY_ADDRESS (0.0.0.0:0) is reachable from other machines, so it needs"),
        ({"TOKEN": "short"}, "ASYNCTASK_GATEWAY_TOKEN (********) must have at least 32 characters"),
        ({"TOKEN": 32 * "x", "BASE_PATH": "task"}, "ASYNCTASK_GATEWAY_BASE_PATH (task) must be a path"),
    ],
)
def test_gateway_that_would_be_open_to_other_machines_is_refused_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], says: str
):
    for name, value in variables.items():
        monkeypatch.setenv(f"ASYNCTASK_GATEWAY_{name}", value)
    line = ["up", "--data", str(tmp_path / "data"), *FREE[:2], "--gateway-address", "0.0.0.0:0"]
    done = CliRunner().invoke(app, line)
    assert done.exit_code == 2
    assert says in re.sub(r"0\.0:\d+", "0.0:0", done.stderr)
    assert list(tmp_path.iterdir()) == []


@needs_openssl
def test_scheduler_with_a_certificate_that_the_gateway_cannot_check_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Fails when the console of a running cluster says that no scheduler can be reached."""
    certificate, key = make_certificate(tmp_path, "localhost")
    monkeypatch.setenv("ASYNCTASK_SCHEDULER_TLS_CERTIFICATE", str(certificate))
    monkeypatch.setenv("ASYNCTASK_SCHEDULER_TLS_KEY", str(key))
    data = tmp_path / "data"
    done = CliRunner().invoke(app, ["up", "--data", str(data), *FREE])
    assert done.exit_code == 2
    assert "so the gateway needs the authorities to check it against" in done.stderr
    assert not data.exists()


@pytest.mark.parametrize(
    ("option", "url"),
    [("--redis-url", "redis://127.0.0.1:1/0"), ("--postgres-url", "postgresql://me@127.0.0.1:1/db")],
)
def test_store_that_is_not_there_is_told_by_its_option(tmp_path: Path, option: str, url: str):
    done = CliRunner().invoke(app, ["up", "--data", str(tmp_path / "data"), option, url])
    assert done.exit_code == 5
    assert f"nothing answers at 127.0.0.1:1, which {option} names" in done.stderr


def test_installation_of_the_command_alone_says_what_up_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, package=None: None if name == "asynctask_registry" else found(name, package),
    )
    done = CliRunner().invoke(app, ["up", "--data", str(tmp_path / "data")])
    assert done.exit_code == 2
    assert "without asynctask_registry: install the extra `embedded`" in done.stderr
    assert not (tmp_path / "data").exists()


def test_command_alone_needs_no_service_and_no_store():
    needs = [
        line.partition(";")[0] for line in metadata.requires("asynctask") or () if "extra ==" not in line
    ]
    assert sorted(re.split(r"[^a-z-]", one)[0] for one in needs) == ["asynctask-sdk", "rich", "typer"]


def test_another_up_is_named_as_it_is_called_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASYNCTASK_COMMAND", "./dev cli")
    with DataFolder(tmp_path / "data").locked():
        done = CliRunner().invoke(app, ["up", "--data", str(tmp_path / "data")])
    assert done.stderr.startswith("error DATA_FOLDER_IN_USE: another `./dev up` (process ")
