"""What follows from what was read about the cluster, and how it is said."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_protos.registry.v1.ledger_service_pb2 import CheckStoreResponse
from asynctask_protos.scheduler.v1.doctor_service_pb2 import StoreState
from asynctask_protos.task.v1.health_pb2 import DriftState, LoopState, RenewalState, ReplicaState
from asynctask_scheduler.dispatch.renewal_record import RenewalRecord
from asynctask_scheduler.health.aged import SILENT, aged_replica, total_drift, total_renewals
from asynctask_scheduler.health.checks import HealthFacts, judge
from asynctask_scheduler.health.cluster_health import ClusterHealth
from asynctask_scheduler.health.registry_looks import RegistryLooks
from asynctask_scheduler.health.replica_notes import ReplicaNotes
from asynctask_scheduler.health.words import OK, UNKNOWN, WORDS
from asynctask_scheduler.queue.answers import StoreIdentity
from asynctask_scheduler.queue.answers import StoreState as RebuildState
from asynctask_scheduler.registry.call_errors import RegistryUnreached
from tests.support.queue_model import ModelStore, QueueModel

CONTRACT = Path(__file__).parents[3] / "protos/asynctask/scheduler/v1/health_service.proto"
WELL = StoreState(store="Redis", takes_writes=True, message="Redis takes writes", latency_ms=1)
HERE = ReplicaState(service="scheduler", name="a", host="nas", version="1", loops=[LoopState(name="sweep")])
REGISTRY = ReplicaState(service="registry", name="r", host="nas", version="1")
REBUILT = RebuildState(StoreIdentity("run", "history"), marked=True, loaded=True)
ALL_WELL = HealthFacts(
    schedulers=[HERE],
    schedulers_problem="",
    registries=[REGISTRY],
    registries_problem="",
    postgres=WELL,
    redis=WELL,
    rebuild=REBUILT,
    renewals=RenewalState(lease_ms=15_000),
    drift=DriftState(),
)
FAILING = ReplicaState(
    service="scheduler", name="b", host="box", loops=[LoopState(name="timers", failures=3, error="no store")]
)


def test_facts_of_the_contract_are_those_that_have_words():
    """Fails when a fact is added in one of the two places only."""
    comment = " ".join(CONTRACT.read_text("utf-8").replace("//", " ").split())
    said = comment.split("What was found, as one word. Of ")[1].split(" More come with")[0]
    named: set[tuple[str, str]] = set()
    for part in said.split(" Of "):
        names, _, found = part.partition(": ")
        named |= {(name, fact) for name in names.split(" and ") for fact in found.split("`")[1::2]}
    assert named == set(WORDS)


@pytest.mark.parametrize("key", WORDS, ids="-".join)
def test_what_is_not_well_has_a_repair_and_says_what_it_means_for_tasks(key: tuple[str, str]):
    words = WORDS[key]
    assert words.message
    if words.level not in (OK, UNKNOWN):
        assert words.effect
        assert words.repair


@pytest.mark.parametrize(
    ("facts", "name", "fact"),
    [
        (replace(ALL_WELL, postgres=None), "postgres", "unread"),
        (replace(ALL_WELL, redis=StoreState(store="Redis", is_unreachable=True)), "redis", "unreachable"),
        (replace(ALL_WELL, redis=StoreState(store="Redis", latency_ms=1)), "redis", "refuses_writes"),
        (
            replace(ALL_WELL, postgres=StoreState(takes_writes=True, latency_ms=1, is_low=True)),
            "postgres",
            "space_low",
        ),
        (replace(ALL_WELL, postgres=StoreState(takes_writes=True, latency_ms=1_000)), "postgres", "slow"),
        (replace(ALL_WELL, registries_problem="gone"), "registries", "none_answers"),
        (replace(ALL_WELL, registries=[REGISTRY, ReplicaState(hindrance="x")]), "registries", "some_fail"),
        (replace(ALL_WELL, schedulers_problem="gone"), "schedulers", "unread"),
        (replace(ALL_WELL, schedulers=[ReplicaState(hindrance="x")]), "schedulers", "none_ready"),
        (replace(ALL_WELL, schedulers=[HERE, ReplicaState(hindrance="x")]), "schedulers", "not_ready"),
        (replace(ALL_WELL, schedulers=[HERE, ReplicaState(version="2")]), "schedulers", "versions_differ"),
        (replace(ALL_WELL, schedulers=[HERE, ReplicaState(version="")]), "schedulers", "ready"),
        (replace(ALL_WELL, rebuild=None), "queues", "unread"),
        (replace(ALL_WELL, rebuild=RebuildState(REBUILT.identity, marked=False)), "queues", "rebuilding"),
        (replace(ALL_WELL, rebuild=RebuildState(REBUILT.identity, marked=True)), "queues", "loading"),
        (replace(ALL_WELL, renewals=RenewalState(renewals=5)), "renewals", "in_time"),
        (replace(ALL_WELL, renewals=RenewalState(renewals=5, late=1)), "renewals", "late"),
        (
            replace(ALL_WELL, renewals=RenewalState(renewals=5, late=1, last_late_ms=600_001)),
            "renewals",
            "in_time",
        ),
        (replace(ALL_WELL, renewals=RenewalState(late=1, expired=1)), "renewals", "expired"),
        (
            replace(ALL_WELL, renewals=RenewalState(renewals=9, expired=1, last_expired_ms=600_001)),
            "renewals",
            "expired_before",
        ),
        (replace(ALL_WELL, schedulers=[HERE, FAILING]), "loops", "failing"),
        (replace(ALL_WELL, drift=DriftState(mended=2)), "drift", "mended"),
        (replace(ALL_WELL, drift=DriftState(mended=2, last_mended_ms=3_600_001)), "drift", "mended_before"),
    ],
)
def test_what_was_read_is_judged_and_can_be_said(facts: HealthFacts, name: str, fact: str):
    (found,) = [one for one in judge(facts) if one.name == name]
    assert found.fact == fact
    words = WORDS[name, fact]
    for text in (words.message, words.effect):
        assert {field for _, field, _, _ in string.Formatter().parse(text) if field} <= found.values.keys()
        text.format_map(found.values)


def test_all_is_well_where_nothing_is_wrong():
    assert {WORDS[one.name, one.fact].level for one in judge(ALL_WELL)} == {OK}


def test_loop_that_fails_is_named_with_its_host_and_reason():
    (loops,) = [one for one in judge(replace(ALL_WELL, schedulers=[HERE, FAILING])) if one.name == "loops"]
    assert loops.values == {"loops": "timers of the scheduler on box", "reason": "no store"}


def test_ages_grow_while_they_are_kept():
    read = ReplicaState(
        last_seen_ms=5,
        loops=[LoopState(name="sweep", last_success_ms=7), LoopState(name="new")],
        drift=DriftState(mended=1, last_mended_ms=9),
    )
    now = aged_replica(read, 100)
    assert (now.last_seen_ms, now.loops[0].last_success_ms, now.drift.last_mended_ms) == (105, 107, 109)
    assert not now.loops[1].HasField("last_success_ms")
    assert read.last_seen_ms == 5


def test_renewals_and_drift_of_all_replicas_are_summed_up():
    parts = [
        RenewalState(lease_ms=15, renewals=2, late=1, most_late_ms=8, last_late_ms=4),
        RenewalState(renewals=3),
    ]
    total = total_renewals(parts)
    assert (total.renewals, total.late, total.most_late_ms, total.last_late_ms) == (5, 1, 8, 4)
    assert not total.HasField("last_expired_ms")
    assert total_drift([DriftState(mended=2, last_mended_ms=9), DriftState()]).last_mended_ms == 9


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_renewals_are_counted_for_an_hour_and_late_from_a_third_of_a_lease_on():
    clock = Clock()
    record = RenewalRecord(15_000, clock)
    record.renewed(None)
    for left in (10_000, 9_000, 5_000, 4_999):
        record.renewed(left)
    clock.now = 59.0
    record.expired(2)
    state = record.state()
    assert (state.renewals, state.late, state.most_late_ms, state.expired) == (4, 1, 5_001, 2)
    assert (state.last_late_ms, state.last_expired_ms) == (59_000, 0)
    clock.now = 3_600.0
    assert (record.state().renewals, record.state().expired) == (0, 0)
    assert not record.state().HasField("last_late_ms")


async def test_schedulers_read_one_anothers_notes_and_name_who_is_silent():
    """Fails when a scheduler that is frozen just vanishes, or one that was started again is said to be silent."""
    clock, store = Clock(), ModelStore()
    queue = QueueModel(store, lease_ms=1, ageing_step_us=1)
    notes = {
        name: ReplicaNotes(
            queue,
            lambda name=name: ReplicaState(
                service="scheduler", name=name, version="1", host="nas", address=name[0], loops=[LoopState()]
            ),
            clock,
        )
        for name in ("a", "b", "again")
    }
    await notes["a"].run_once()
    await notes["b"].run_once()
    assert [one.name for one in notes["b"].schedulers()] == ["a", "b"]
    assert [one.name for one in notes["a"].schedulers()] == ["a"]
    store.advance(9_000)
    await notes["b"].run_once()
    assert notes["b"].schedulers()[0].last_seen_ms == 9_000
    clock.now = 1.1
    assert [one.name for one in notes["b"].schedulers()] == ["b"], (
        "while Redis is away nobody is named as silent"
    )
    store.advance(1_100)
    await notes["b"].run_once()
    silent = notes["b"].schedulers()[0]
    assert (silent.name, silent.hindrance, silent.last_seen_ms, len(silent.loops)) == ("a", SILENT, 10_100, 0)
    facts = replace(ALL_WELL, schedulers=notes["b"].schedulers())
    (found,) = [one for one in judge(facts) if one.name == "schedulers"]
    assert (found.fact, found.values["names"], found.values["reason"]) == ("not_ready", "a on nas", SILENT)
    await notes["again"].run_once()
    await notes["b"].run_once()
    assert [one.name for one in notes["b"].schedulers()] == ["again", "b"]
    await queue.leave("again")
    await queue.leave("a")
    await notes["b"].run_once()
    assert [one.name for one in notes["b"].schedulers()] == ["b"]


IN_VAIN = StoreUnavailable("the registry did not answer CheckStore: Deadline Exceeded")
NOT_CONNECTED = RegistryUnreached()


class Registries:
    """Answer in turn, as over a channel to several of them."""

    def __init__(self, *names: str) -> None:
        self.answers: dict[str, CheckStoreResponse | StoreUnavailable] = {}
        self.turns: list[str] = []
        for name in names:
            self.works(name)

    def works(self, name: str, address: str = "", **fields: Any) -> None:
        replica = ReplicaState(service="registry", name=name, host="nas", address=address or f"{name}:1")
        given: dict[str, Any] = {"takes_writes": True, "replica": replica, **fields}
        self.answers[name] = CheckStoreResponse(**given)

    async def last_look(self) -> CheckStoreResponse:
        self.turns = self.turns or list(self.answers)
        answer = self.answers[self.turns.pop(0)]
        if isinstance(answer, StoreUnavailable):
            raise answer
        return answer


def looks_at(registries: Registries, clock: Clock | None = None) -> RegistryLooks:
    port: Any = registries
    return RegistryLooks(port, clock or Clock())


def found_of(looks: RegistryLooks) -> tuple[str, str]:
    """The fact about registries, and whom it names."""
    facts = replace(ALL_WELL, registries=looks.registries(), registries_problem=looks.problem)
    (found,) = [one for one in judge(facts) if one.name == "registries"]
    return found.fact, found.values.get("names", "")


async def test_registries_are_kept_half_a_minute_after_their_last_answer():
    clock, registries = Clock(), Registries("one", "two")
    looks = looks_at(registries, clock)
    await looks.run_once()
    del registries.answers["one"]
    registries.turns = []
    clock.now = 20.0
    await looks.run_once()
    assert [(one.name, one.last_seen_ms) for one in looks.registries()] == [("one", 20_000), ("two", 0)]
    clock.now = 31.0
    assert [one.name for one in looks.registries()] == ["two"]
    registries.answers["two"] = CheckStoreResponse(takes_writes=True)
    registries.turns = []
    await looks.run_once()
    assert [one.name for one in looks.registries()] == ["registry of an earlier release", "two"]


async def test_one_silent_registry_of_several_is_named_and_the_others_count_as_answering():
    """Fails when one registry without an answer makes the whole health broken, or is not said to be the one."""
    clock, registries = Clock(), Registries("one", "two", "three")
    looks = looks_at(registries, clock)
    await looks.run_once()
    await looks.run_once()
    assert found_of(looks) == ("answering", "")
    registries.answers["two"] = IN_VAIN
    facts: list[tuple[str, str]] = []
    for _ in range(3):
        await looks.run_once()
        facts.append(found_of(looks))
        assert looks.postgres is not None
    assert {fact for fact, _ in facts} <= {"answering", "some_fail"}
    assert facts[-1] == ("some_fail", "two:1 on nas")
    clock.now = 599.0
    await looks.run_once()
    assert found_of(looks)[0] == "some_fail"
    registries.works("two")
    registries.turns = []
    await looks.run_once()
    await looks.run_once()
    assert found_of(looks) == ("answering", "")


async def test_pass_whose_calls_all_reached_a_silent_registry_does_not_mean_that_none_answers():
    """Calls of the scheduler's other work take turns, too, so one pass may ask the same registry each time."""
    registries = Registries("one", "two")
    looks = looks_at(registries)
    await looks.run_once()
    await looks.run_once()
    works = registries.answers
    registries.answers = {"one": IN_VAIN}
    registries.turns = []
    await looks.run_once()
    assert found_of(looks)[0] == "answering"
    registries.answers = works | registries.answers
    await looks.run_once()
    await looks.run_once()
    assert found_of(looks) == ("some_fail", "one:1 on nas")
    registries.answers = dict.fromkeys(works, IN_VAIN)
    await looks.run_once()
    assert found_of(looks)[0] == "some_fail"
    await looks.run_once()
    assert found_of(looks)[0] == "none_answers"


async def test_only_registry_that_is_silent_or_gone_is_told_at_once_and_one_at_its_address_replaces_it():
    clock, registries = Clock(), Registries("one")
    looks = looks_at(registries, clock)
    await looks.run_once()
    for error in (NOT_CONNECTED, IN_VAIN, IN_VAIN):
        registries.answers["one"] = error
        await looks.run_once()
        assert (found_of(looks)[0], looks.postgres) == ("none_answers", None)
    del registries.answers["one"]
    registries.works("other", "one:1")
    await looks.run_once()
    assert [one.name for one in looks.registries()] == ["other"]
    assert found_of(looks) == ("answering", "")


async def test_registry_that_stopped_in_order_is_not_taken_for_a_silent_one():
    """Calls are sent to no registry that has closed its connections; where there is no other, they fail at once."""
    registries = Registries("one")
    looks = looks_at(registries)
    await looks.run_once()
    registries.answers["one"] = NOT_CONNECTED
    for _ in range(3):
        await looks.run_once()
    registries.answers = {}
    registries.works("two")
    registries.turns = []
    await looks.run_once()
    assert found_of(looks) == ("answering", "")


async def test_postgres_is_as_the_registry_says_that_reaches_it_and_the_other_one_is_named():
    """Fails when the state of Postgres changes with the registry that is asked."""
    registries = Registries("one", "two")
    registries.works("one", takes_writes=False, is_unreachable=True, message="Postgres does not answer: gone")
    looks = looks_at(registries)
    await looks.run_once()
    for _ in range(3):
        await looks.run_once()
        assert looks.postgres is not None
        assert looks.postgres.takes_writes
        assert found_of(looks) == ("some_fail", "one:1 on nas")
    registries.works("two", takes_writes=False, is_unreachable=True)
    registries.turns = []
    await looks.run_once()
    assert looks.postgres
    assert looks.postgres.is_unreachable
    assert found_of(looks)[0] == "answering"


def test_check_says_since_when_its_fact_holds_and_the_worst_check_is_first():
    clock = Clock()
    watch: Any = SimpleNamespace(
        store="Redis", takes_writes=True, sentence=lambda: "Redis takes writes", folder=None, space=None,
        is_low=False, outage="", latency_ms=1,
    )  # fmt: skip
    notes: Any = SimpleNamespace(schedulers=lambda: [HERE], problem="")
    looks: Any = SimpleNamespace(registries=lambda: [REGISTRY], problem="", postgres=WELL)
    readiness: Any = SimpleNamespace(store=REBUILT)
    health = ClusterHealth(notes, looks, watch, readiness, lambda: round(clock.now * 1_000_000))

    def redis() -> tuple[str, int]:
        (check,) = [one for one in health.health().checks if one.name == "redis"]
        return check.fact, check.since_time.seconds

    assert redis() == ("well", 0)
    clock.now = 5.0
    assert redis() == ("well", 0)
    watch.outage = "connection refused"
    assert redis() == ("unreachable", 5)
    clock.now = 9.0
    assert redis() == ("unreachable", 5)
    assert health.health().checks[0].name == "redis"
    watch.outage = ""
    assert redis() == ("well", 9)
