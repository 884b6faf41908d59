"""What nothing produces yet is marked as reserved wherever people read lists of words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor

from asynctask._client.api import task_filter
from asynctask_core.bounds import kinds
from asynctask_core.bounds.checker import plan_of
from asynctask_core.bounds.table import TABLE
from asynctask_core.errors import InvalidInput
from asynctask_core.state_words import RESERVED_TASK_STATES, TASK_STATES
from asynctask_core.states import RESERVED, TaskState, WaitingFor
from asynctask_core.validate import Violations
from asynctask_protos.scheduler.v1.task_service_pb2 import TaskFilter
from asynctask_standalone.cli.exits import CommandRefused
from asynctask_standalone.cli.options import one_of
from tests.support import requests

DOCS = Path(__file__).parents[3] / "docs"
NAMES = sorted({name for word in RESERVED for name in (word.contract_name, word.name, word.value)})
UNMARKED = re.compile(rf"(?<!\w)`?({'|'.join(NAMES)})`?(?![\w`])(?! \(reserved\)| is reserved)")
"""A reserved word that says nothing of that."""


def choices() -> Iterator[tuple[str, kinds.Choice]]:
    """Every choice of every request, with the name of its field."""
    reached: dict[str, Descriptor] = {}
    for method in requests.methods():
        requests.reached(method.input_type, reached)
    for name in TABLE.keys() & reached.keys():
        for field, bound in plan_of(reached[name]).fields.values():
            choice = bound.of if isinstance(bound, kinds.Many) else bound
            if isinstance(choice, kinds.Choice):
                yield f"{name}.{field}", choice


def test_violations_and_bounds_mark_what_is_reserved() -> None:
    """Fails when a caller is told that a task may be in a state that no task is ever in."""
    texts = list[str]()
    for name, choice in choices():
        violations = Violations()
        choice.check(name, 12_345, violations)
        texts += [choice.words, violations.found[0].description]
    assert any("`TASK_STATE_AWAITING_APPROVAL` (reserved)" in text for text in texts)
    assert any("TASK_STATE_AWAITING_APPROVAL (reserved), " in text for text in texts)
    assert [text for text in texts if UNMARKED.search(text)] == []


def test_client_that_is_asked_for_an_unknown_state_marks_what_is_reserved() -> None:
    with pytest.raises(InvalidInput) as refused:
        task_filter((), ("nope",))
    text = refused.value.violations[0].description
    assert text.startswith("must be one of pending, queued, running, awaiting_approval (reserved), paused")
    assert not UNMARKED.search(text)


def test_command_line_offers_no_reserved_state() -> None:
    with pytest.raises(CommandRefused) as refused:
        one_of("--status", "nope", TASK_STATES, reserved=RESERVED_TASK_STATES)
    assert not UNMARKED.search(str(refused.value))


def test_lists_in_the_documents_mark_what_is_reserved() -> None:
    """Looks at what stands as code: `window` is an ordinary word, too."""
    marked, unmarked = 0, list[str]()
    for page in sorted(DOCS.glob("*.md")):
        for line in page.read_text("utf-8").splitlines():
            spans = re.findall(r"`[^`]+`(?: \(reserved\)| is reserved)?", line)
            marked += sum(span.endswith("reserved)") for span in spans)
            unmarked += [f"{page.name}: {span}" for span in spans if UNMARKED.fullmatch(span)]
    assert unmarked == []
    assert marked >= 10


def test_words_have_their_names_in_the_contract() -> None:
    field = TaskFilter.DESCRIPTOR.fields_by_name["task_states"].enum_type
    assert field is not None
    assert {state.contract_name: state.number for state in TaskState} == {
        value.name: value.number for value in field.values if value.number
    }
    assert WaitingFor.WINDOW.contract_name == "WAITING_FOR_WINDOW"
