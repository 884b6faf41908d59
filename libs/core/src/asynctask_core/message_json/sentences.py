"""The sentence that a command answers to people, as the contracts have it."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import MethodDescriptor

from asynctask_protos.rest.v1.options_pb2 import MethodForm, method_form


def sentence_of(call: MethodDescriptor, answer: Any, *, in_chinese: bool = False) -> str:
    """What a call has done, or has asked the task's executor to do; empty for calls that are no commands."""
    form: MethodForm = call.GetOptions().Extensions[method_form]
    sentence = form.asked if form.HasField("asked") and _is_yet_to_come(answer) else form.done
    return sentence.zh if in_chinese else sentence.en


def _is_yet_to_come(answer: Any) -> bool:
    """Whether a command waits for the task's executor."""
    fields = answer.DESCRIPTOR.fields_by_name
    if "deleted" in fields:
        return not answer.deleted
    return bool("task" in fields and answer.task.requested)
