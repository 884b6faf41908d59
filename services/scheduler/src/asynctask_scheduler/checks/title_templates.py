"""The templates of titles that task types have, read once per definition."""

from __future__ import annotations

import json
from typing import Final

from asynctask_core import limits
from asynctask_core.task_title import TITLE_KEYWORD, TitleTemplate, title_template
from asynctask_protos.task.v1.task_type_pb2 import TaskType

_MOST_KNOWN: Final = 2 * limits.TASK_TYPES


class TitleTemplates:
    """Finds the template of a type. Most types have none, so asking again must cost next to nothing."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[TaskType, TitleTemplate | None]] = {}

    def of(self, name: str, task_type: TaskType) -> TitleTemplate | None:
        """The template of a type, of the name `name`; None too if it is wrong: then it was declared without a check."""
        known = self._known.get(name)
        # The catalogue has one object per definition; to compare objects costs less than to read a version.
        if known is not None and known[0] is task_type:
            return known[1]
        try:
            template = template_in(task_type.config_schema_json)
        except ValueError:
            template = None
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[name] = (task_type, template)
        return template


def template_in(schema_json: str) -> TitleTemplate | None:
    """The template in the text of a config schema. Raises ValueError: it is wrong, or the text is no JSON."""
    if TITLE_KEYWORD not in schema_json:
        return None
    try:
        return title_template(json.loads(schema_json))
    except RecursionError:
        raise ValueError("is in a schema that is nested too deeply") from None
