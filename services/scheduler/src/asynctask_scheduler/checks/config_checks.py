"""Checks configs against the schemas of their types, within a budget that no schema can exceed.

A check whose bound (see `schema_cost`) times the length of the config is small runs at once, in the event loop. Any
other check runs in a process that is killed when it takes too long, one check per type at a time: so a costly type
delays only its own submits. After a check was killed, further checks of the type are refused for a while.

Declared schemas are checked in other processes, so that declarations and submits do not wait for one another: one per
connection at a time, and only once for all callers that declare the same schema. A schema that took too long is refused
at once for some minutes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from asynctask_core import limits
from asynctask_core.errors import (
    ConfigCheckTimedOut,
    ConfigInvalid,
    FieldViolation,
    InvalidInput,
    SchemaTooCostly,
)
from asynctask_core.task_title import TITLE_KEYWORD
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.checks.schema_cost import FEW_STEPS, cost_of
from asynctask_scheduler.checks.schema_processes import WAIT_S, SchemaProcesses, TookTooLong
from asynctask_scheduler.checks.schemas import Schemas, compile_with_patterns
from asynctask_scheduler.checks.title_templates import template_in
from asynctask_scheduler.checks.turns import Turns
from asynctask_scheduler.metrics import SchedulerMetrics

QUICK_UNITS: Final = 1_000_000
"""Most units of a check in the event loop: some ten milliseconds in the worst case."""
QUICK_ERRORS: Final = 5_000
"""Most schemas applied in a check whose violations are described in the event loop: one takes a thousand steps."""
QUICK_SCHEMA_BYTES: Final = 16 << 10
"""Schemas up to this size are checked in the event loop."""
BACK_OFF_S: Final = 10.0
TOO_LONG_S: Final = 300.0
"""How long a schema is refused at once whose check exceeded its processor time.
A schema whose process ended for another reason is checked again soon: the machine may have been short of memory."""
MOST_WAITING: Final = 100
"""How many checks of configs per type, or of schemas per connection, may wait for a process."""
_MOST_KNOWN: Final = 2 * limits.TASK_TYPES


@dataclass(frozen=True, slots=True)
class _CheckPlan:
    """How configs of a schema are checked: `units` and `schemas` per value; `units` is None if it takes a process."""

    units: int | None
    schemas: int = 0
    reason: str = ""
    is_refused: bool = False


_FREE: Final = _CheckPlan(0)


class ConfigChecks:
    """Checks configs, and the schemas of types that are declared."""

    def __init__(self, checks: SchemaProcesses, looks: SchemaProcesses, metrics: SchedulerMetrics) -> None:
        """Check configs in the processes `checks`, and declared schemas in the processes `looks`."""
        self._checks = checks
        self._looks = looks
        self._metrics = metrics
        self._schemas = Schemas()
        self._plans: dict[str, tuple[int, _CheckPlan]] = {}
        self._inspected: OrderedDict[bytes, _CheckPlan] = OrderedDict()
        self._check_turns = Turns(most_waiting=MOST_WAITING)
        self._look_turns = Turns(most_waiting=MOST_WAITING)
        self._schema_turns = Turns(most_waiting=limits.CONNECTIONS)
        self._refused_until: dict[str, float] = {}
        # Schemas that took too long: until when they are refused, and with which text.
        self._too_long: OrderedDict[bytes, tuple[float, str]] = OrderedDict()

    async def accept(self, task_type: TaskType, caller: str) -> None:
        """Check whether a type may be declared. Checks of one caller, and checks of one schema, run one at a time.

        Raises:
            InvalidInput: its schema is not a JSON schema, or has a template of titles that is none.
            SchemaTooCostly: a check by the schema could take too long; the error says why.
            Overloaded: the schema cannot be checked now.
        """
        text = task_type.config_schema_json
        if not text:
            return
        field = f"task_types[{task_type.name}].config_schema_json"
        try:
            self._refuse_too_long(text)
            plan = self._known_or_quick(text, field)
            if plan is None:
                full = "too many schemas of this connection are being checked"
                same = "this schema is being checked for another caller"
                async with (
                    self._look_turns.turn(caller, full, WAIT_S),
                    self._schema_turns.turn(_digest(text).hex(), same, WAIT_S),
                ):
                    plan = await self._look(text, field, self._looks)
        except TookTooLong as error:
            raise SchemaTooCostly([FieldViolation(field, f"cannot be checked: {error}")]) from None
        if plan.is_refused:
            raise SchemaTooCostly([FieldViolation(field, plan.reason)])
        try:
            template_in(text)
        except ValueError as error:
            raise InvalidInput([FieldViolation(f"{field}.{TITLE_KEYWORD}", str(error))]) from None

    def quick(self, task_type: TaskType, text: str, config: Any) -> list[FieldViolation] | None:
        """Everything that is wrong with a config, whose JSON is `text`; None if `slow` must check it."""
        known = self._plans.get(task_type.name)
        plan = known[1] if known and known[0] == task_type.version else self._learn_quickly(task_type)
        if plan is None:
            return None
        units = plan.units
        if units == 0:
            return []
        if units is None:
            return None
        most_values = len(text) // 2 + 1
        if units * most_values > QUICK_UNITS:
            return None
        if plan.schemas * most_values <= QUICK_ERRORS:
            return self._schemas.violations(task_type, config)
        # Describing the violations of a larger config takes long, but most configs have none.
        return [] if self._schemas.is_valid(task_type, config) else None

    async def slow(self, task_type: TaskType, text: str) -> list[FieldViolation]:
        """Everything that is wrong with a config, found in a process.

        Raises:
            ConfigCheckTimedOut: the check took too long.
            ConfigInvalid: the type's schema is not a JSON schema.
            Overloaded: too many checks wait, or the machine is too busy.
        """
        name = task_type.name
        async with self._check_turns.turn(name, f"too many configs of {name} are being checked"):
            return await self._slow(task_type, text)

    async def close(self) -> None:
        """End the processes."""
        await self._checks.close()
        await self._looks.close()

    async def _slow(self, task_type: TaskType, text: str) -> list[FieldViolation]:
        clock = asyncio.get_running_loop().time
        if clock() < self._refused_until.get(task_type.name, 0.0):
            raise self._timed_out("as an earlier one of this type a moment ago")
        self._refused_until.pop(task_type.name, None)
        known = self._plans.get(task_type.name)
        if known is None or known[0] != task_type.version:
            await self._learn(task_type)
        request = {
            "name": task_type.name,
            "version": task_type.version,
            "schema": task_type.config_schema_json,
            "config": text,
        }
        try:
            answer = await self._checks.ask(request)
        except TookTooLong as error:
            self._forget_refusals(clock())
            self._refused_until[task_type.name] = clock() + BACK_OFF_S
            raise self._timed_out(str(error)) from None
        self._metrics.config_checks.labels("process").inc()
        if "wrong" in answer:
            raise ConfigInvalid([FieldViolation("task_config", f"the schema of its type {answer['wrong']}")])
        return [FieldViolation(field, description) for field, description in answer["violations"]]

    def _forget_refusals(self, now: float) -> None:
        """Drop refusals that are past: if their types are deleted, no submit comes that would drop them."""
        self._refused_until = {name: until for name, until in self._refused_until.items() if now < until}

    def _timed_out(self, how: str) -> ConfigCheckTimedOut:
        self._metrics.config_checks.labels("timed_out").inc()
        allowed = "could not be checked against the schema of its type"
        return ConfigCheckTimedOut([FieldViolation("task_config", f"{allowed}: {how}; use a simpler schema")])

    def _learn_quickly(self, task_type: TaskType) -> _CheckPlan | None:
        """Find out how configs of a version of a type are checked; None if that takes long."""
        text = task_type.config_schema_json
        try:
            plan = self._known_or_quick(text, "config_schema_json") if text else _FREE
        except InvalidInput:
            return None
        if plan is not None:
            self._keep(task_type, plan)
        return plan

    async def _learn(self, task_type: TaskType) -> None:
        """Find out how configs of a stored version are checked. Its schema may have been declared without a check."""
        try:
            text, field = task_type.config_schema_json, "config_schema_json"
            plan = self._known_or_quick(text, field) or await self._look(text, field, self._checks)
        except (TookTooLong, InvalidInput) as error:
            plan = _CheckPlan(None, reason=str(error))
        self._keep(task_type, plan)

    def _keep(self, task_type: TaskType, plan: _CheckPlan) -> None:
        if len(self._plans) >= _MOST_KNOWN:
            self._plans.clear()
        self._plans[task_type.name] = (task_type.version, plan)

    async def _look(self, text: str, field: str, processes: SchemaProcesses) -> _CheckPlan:
        plan = self._inspected.get(_digest(text))
        if plan is None:
            self._refuse_too_long(text)
            plan = await self._ask(text, field, processes)
            self._remember(text, plan)
        return plan

    def _known_or_quick(self, text: str, field: str) -> _CheckPlan | None:
        known = self._inspected.get(_digest(text))
        if known is not None:
            return known
        plan = _quick_plan(text, field) if len(text) <= QUICK_SCHEMA_BYTES else None
        if plan is not None:
            self._remember(text, plan)
        return plan

    def _remember(self, text: str, plan: _CheckPlan) -> None:
        self._inspected[_digest(text)] = plan
        if len(self._inspected) > _MOST_KNOWN:
            self._inspected.popitem(last=False)

    def _refuse_too_long(self, text: str) -> None:
        until, how = self._too_long.get(_digest(text), (0.0, ""))
        if asyncio.get_running_loop().time() < until:
            raise TookTooLong(how)

    async def _ask(self, text: str, field: str, processes: SchemaProcesses) -> _CheckPlan:
        try:
            answer = await processes.ask({"schema": text, "field": field})
        except TookTooLong as error:
            lasts_s = TOO_LONG_S if error.is_measured else BACK_OFF_S
            digest = _digest(text)
            self._too_long[digest] = (asyncio.get_running_loop().time() + lasts_s, str(error))
            self._too_long.move_to_end(digest)
            if len(self._too_long) > _MOST_KNOWN:
                self._too_long.popitem(last=False)
            raise
        if "wrong" in answer:
            raise InvalidInput([FieldViolation(field, answer["wrong"])])
        return _CheckPlan(answer["units"], answer["schemas"], answer["reason"], answer["refused"])


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def _quick_plan(text: str, field: str) -> _CheckPlan | None:
    """The plan for a schema whose bound is found quickly; a schema without a bound is not compiled."""
    try:
        cost = cost_of(json.loads(text), FEW_STEPS)
    except (ValueError, RecursionError):
        return None  # the process says what is wrong
    if cost.units is None:
        return None
    _, is_linear = compile_with_patterns(text, field)
    return _CheckPlan(cost.units, cost.schemas) if is_linear else None
