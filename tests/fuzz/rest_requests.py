"""Requests that schemathesis makes from the OpenAPI document, and what it finds wrong with their answers.

Apart from its test, because schemathesis takes seconds to load.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.errors
import requests
import schemathesis
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from asynctask_gateway.rest import openapi

DOCUMENT = Path(openapi.__file__).with_name(openapi.FILE)
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EACH_ON_ITS_OWN = "/api/v1/tasks:batch"
"""It answers 200 with an error for each wrong task."""
CALL_S = 60


class RestAttack:
    """Sends requests of every operation but the event streams, which do not end."""

    def __init__(self, url: str, seed: int, *, task_ids: Sequence[str], task_type: str) -> None:
        """`task_ids` and `task_type` exist: half of the requests are about them."""
        self._url = url
        self._seed = seed
        self._draw = random.Random(seed)
        self._task_ids = task_ids
        self._task_type = task_type
        self.statuses: Counter[int] = Counter()
        self.faults: dict[str, str] = {}
        """One of each kind, by operation and check."""

    def run(self, count: int) -> None:
        """Send about so many requests."""
        schema = schemathesis.openapi.from_path(DOCUMENT)
        found: list[Any] = list(schema.get_all_operations())
        unary = [operation for one in found if not _is_stream(operation := one.ok())]
        with requests.Session() as session:
            for operation in unary:
                for mode in GenerationMode:
                    self._send_some(
                        operation, mode, session, max(1, count // (len(unary) * len(GenerationMode)))
                    )

    def _send_some(self, operation: Any, mode: GenerationMode, session: requests.Session, count: int) -> None:
        is_about_a_task = "{task_id}" in operation.path
        known = {"task_id": self._draw.choice(self._task_ids)} if is_about_a_task else None
        free = count - count // 2 if known else count
        for path_parameters, share in ((None, free), (known, count - free)):
            if share:
                cases = operation.as_strategy(generation_mode=mode, path_parameters=path_parameters)
                self._run_cases(cases, mode, session, share)

    def _run_cases(self, cases: Any, mode: GenerationMode, session: requests.Session, count: int) -> None:
        @hypothesis.seed(self._seed)
        @hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=[*hypothesis.HealthCheck],  # pyright: ignore[reportArgumentType] - they are its values
        )
        @hypothesis.given(case=cases)
        def send(case: Case[Any]) -> None:
            self._send(case, mode, session)

        with suppress(hypothesis.errors.Unsatisfiable):  # a path with nothing else that could be wrong
            send()

    def _send(self, case: Case[Any], mode: GenerationMode, session: requests.Session) -> None:
        body: Any = case.body
        if mode is GenerationMode.POSITIVE and isinstance(body, dict) and "task_type" in body:
            body["task_type"] = self._draw.choice([self._task_type, body["task_type"]])
        answer = case.call(base_url=self._url, session=session, timeout=CALL_S)
        self.statuses[answer.status_code] += 1
        is_strict = mode is GenerationMode.NEGATIVE and case.path != EACH_ON_ITS_OWN
        checks = [*CHECKS, negative_data_rejection] if is_strict else CHECKS
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as found:
            for fault in found.exceptions:
                said = f"{case.method} {case.path}: {fault}\n{case.as_curl_command()}\n{answer.text[:2000]}"
                self.faults.setdefault(f"{case.method} {case.path} {type(fault).__name__}", said)


def _is_stream(operation: Any) -> bool:
    content = operation.definition.raw["responses"]["200"].get("content", {})
    return "text/event-stream" in content
