"""Settings that must fit one another: refused together, each with both values."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest

from asynctask_chassis.loop import PeriodicLoop
from asynctask_chassis.settings import SettingsError, load_settings
from asynctask_core.limits import INTENT_KEPT_MS
from asynctask_registry.settings import RegistrySettings
from asynctask_scheduler.settings import SchedulerSettings

POSTGRES = {"ASYNCTASK_REGISTRY_POSTGRES_URL": "postgresql://127.0.0.1/x"}


def test_registry_gives_up_before_its_caller_and_a_statement_before_the_call():
    registry, scheduler = load_settings(RegistrySettings, POSTGRES), load_settings(SchedulerSettings, {})
    assert registry.lock_timeout < registry.statement_timeout < registry.call_timeout < scheduler.call_timeout


def test_registry_whose_statements_outlast_its_calls_does_not_start():
    given = {"CALL_TIMEOUT": "2s", "STATEMENT_TIMEOUT": "3s", "LOCK_TIMEOUT": "3s"}
    with pytest.raises(SettingsError) as caught:
        load_settings(
            RegistrySettings, POSTGRES | {f"ASYNCTASK_REGISTRY_{name}": text for name, text in given.items()}
        )
    lock, statement = caught.value.mistakes
    assert lock.startswith(
        "ASYNCTASK_REGISTRY_LOCK_TIMEOUT (3s) must be below ASYNCTASK_REGISTRY_STATEMENT_TIMEOUT (3s)"
    )
    assert statement.startswith(
        "ASYNCTASK_REGISTRY_STATEMENT_TIMEOUT (3s) must be below ASYNCTASK_REGISTRY_CALL_TIMEOUT (2s)"
    )


def test_scheduler_that_would_be_plain_although_it_was_given_a_key_does_not_start():
    with pytest.raises(SettingsError) as caught:
        load_settings(
            SchedulerSettings, {"ASYNCTASK_SCHEDULER_TLS_KEY": "/k", "ASYNCTASK_SCHEDULER_REGISTRY_KEY": "/r"}
        )
    assert [mistake.split(" ")[0] for mistake in caught.value.mistakes] == [
        "ASYNCTASK_SCHEDULER_TLS_KEY",
        "ASYNCTASK_SCHEDULER_REGISTRY_KEY",
    ]


def test_calls_to_the_registry_end_within_a_pass_of_the_loops_that_make_them_and_while_intents_are_kept():
    pass_deadline = inspect.signature(PeriodicLoop).parameters["deadline"].default
    longest, longer = (f"{pass_deadline.total_seconds() + more:.0f}s" for more in (0, 1))
    settings = load_settings(SchedulerSettings, {"ASYNCTASK_SCHEDULER_CALL_TIMEOUT": longest})
    assert settings.call_timeout == pass_deadline
    assert 2 * settings.call_timeout < timedelta(milliseconds=INTENT_KEPT_MS)  # a submit is tried twice
    with pytest.raises(SettingsError) as caught:
        load_settings(SchedulerSettings, {"ASYNCTASK_SCHEDULER_CALL_TIMEOUT": longer})
    (mistake,) = caught.value.mistakes
    assert mistake == f"ASYNCTASK_SCHEDULER_CALL_TIMEOUT is {longer}, above the highest allowed {longest}"


def test_durations_are_what_they_say():
    settings = load_settings(SchedulerSettings, {"ASYNCTASK_SCHEDULER_CALL_TIMEOUT": "7s"})
    assert settings.call_timeout == timedelta(seconds=7)


def test_secret_that_could_be_guessed_is_refused_and_not_shown():
    with pytest.raises(SettingsError) as caught:
        load_settings(SchedulerSettings, {"ASYNCTASK_SCHEDULER_ACTOR_SECRET": "hunter2"})
    (mistake,) = caught.value.mistakes
    assert mistake.startswith(
        "ASYNCTASK_SCHEDULER_ACTOR_SECRET (********) must have at least 16 characters: "
    )
    assert load_settings(SchedulerSettings, {}).actor_secret == ""


def test_peers_that_show_no_certificate_are_not_named():
    with pytest.raises(SettingsError) as caught:
        load_settings(SchedulerSettings, {"ASYNCTASK_SCHEDULER_ACTOR_PEERS": "gateway"})
    (mistake,) = caught.value.mistakes
    needed = "ASYNCTASK_SCHEDULER_TLS_CLIENT_AUTHORITIES"
    assert mistake.startswith(f"ASYNCTASK_SCHEDULER_ACTOR_PEERS (gateway) needs {needed}")
