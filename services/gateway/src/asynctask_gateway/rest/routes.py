"""Which HTTP method and path is which call: read from the annotations `google.api.http` of the contracts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.api import annotations_pb2
from google.protobuf.descriptor import Descriptor, FileDescriptor, MethodDescriptor

from asynctask_protos.scheduler.v1 import (
    doctor_service_pb2,
    executor_service_pb2,
    health_service_pb2,
    overview_service_pb2,
    queue_service_pb2,
    task_service_pb2,
    task_type_service_pb2,
)

FILES: Final = tuple(
    module.DESCRIPTOR
    for module in (
        task_service_pb2,
        executor_service_pb2,
        queue_service_pb2,
        task_type_service_pb2,
        overview_service_pb2,
        health_service_pb2,
        doctor_service_pb2,
    )
)
"""The contracts whose annotated calls are served."""

_VARIABLE: Final = re.compile(r"\{([\w.]+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP method and path of one call."""

    call: MethodDescriptor
    verb: str
    """HTTP method, in capitals."""
    path: str
    """Template, such as `/api/v1/tasks/{task_id}`; a variable has the plain name of its field."""
    variables: Mapping[str, str]
    """Paths of the fields that the URL gives, by name of the variable: `name` is `task_type.name`."""
    body: str
    """What the body of a request is: `*` the whole message, a name one field, empty nothing."""
    response_body: str
    """The field that is the answer; empty for the whole message."""

    @property
    def service(self) -> str:
        """Name of the service of the call."""
        assert self.call.containing_service is not None
        return self.call.containing_service.name

    @property
    def input(self) -> Descriptor:
        """The message of a request."""
        assert self.call.input_type is not None
        return self.call.input_type

    @property
    def output(self) -> Descriptor:
        """The message of an answer."""
        assert self.call.output_type is not None
        return self.call.output_type

    @property
    def is_stream(self) -> bool:
        """Whether its answers are server-sent events."""
        return self.call.server_streaming


def routes(files: Iterable[FileDescriptor] = FILES) -> list[Route]:
    """Every route of the annotated calls, in the order of the contracts."""
    return [
        route
        for file in files
        for service in file.services_by_name.values()
        for call in service.methods
        for route in _routes_of(call)
    ]


def _routes_of(call: MethodDescriptor) -> Iterator[Route]:
    options: Any = call.GetOptions()
    if not options.HasExtension(annotations_pb2.http):
        return
    rule = options.Extensions[annotations_pb2.http]
    for one in (rule, *rule.additional_bindings):
        verb, path = _verb_and_path(one)
        variables = {_plain_name(field): field for field in _VARIABLE.findall(path)}
        template = _VARIABLE.sub(lambda found: f"{{{_plain_name(found[1])}}}", path)
        yield Route(call, verb, template, variables, one.body, one.response_body)


def _plain_name(path: str) -> str:
    return path.rpartition(".")[2]


def _verb_and_path(rule: Any) -> tuple[str, str]:
    verb = rule.WhichOneof("pattern")
    if verb is None or verb == "custom":
        raise ValueError(f"a rule must have one of get, put, post, delete and patch: {rule}")
    return verb.upper(), getattr(rule, verb)
