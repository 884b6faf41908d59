"""Names of fields and words of enums, read from descriptors and their options."""

from functools import cache
from typing import Final

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from asynctask_protos.rest.v1.options_pb2 import FieldForm, form

TIMESTAMP: Final = "google.protobuf.Timestamp"
FIELD_MASK: Final = "google.protobuf.FieldMask"
STATUS: Final = "google.rpc.Status"
BYTES_SUFFIX: Final = "_base64"
"""Added to the name of a bytes field whose bytes are no UTF-8."""


@cache
def form_of(field: FieldDescriptor) -> FieldForm:
    """The form of a field in JSON and in URLs."""
    return field.GetOptions().Extensions[form]


@cache
def json_name(field: FieldDescriptor) -> str:
    """Name of a field in JSON."""
    return field.name.removesuffix("_json") if form_of(field).json_text else field.name


@cache
def fields_of(message: Descriptor) -> dict[str, FieldDescriptor]:
    """The fields of a message by their names in JSON."""
    return {json_name(field): field for field in message.fields}


@cache
def words_of(enum: EnumDescriptor) -> dict[int, str]:
    """The short words of an enum by number; the zero that means "not given" has none."""
    prefix = _prefix(enum)
    return {
        value.number: value.name.removeprefix(prefix).lower()
        for value in enum.values
        if value.number or not value.name.endswith("_UNSPECIFIED")
    }


@cache
def numbers_of(enum: EnumDescriptor) -> dict[str, int]:
    """The numbers of an enum by short word."""
    return {word: number for number, word in words_of(enum).items()}


def _prefix(enum: EnumDescriptor) -> str:
    """What all names begin with, such as `TASK_STATE_`: by the style of protobuf, the name of the enum."""
    return enum.values_by_number[0].name.removesuffix("UNSPECIFIED")


def message_of(field: FieldDescriptor) -> Descriptor:
    """The message that a field holds."""
    assert field.message_type is not None, field.full_name
    return field.message_type


def enum_of(field: FieldDescriptor) -> EnumDescriptor:
    """The enum that a field holds."""
    assert field.enum_type is not None, field.full_name
    return field.enum_type


def value_of_map(field: FieldDescriptor) -> FieldDescriptor:
    """The field that holds the values of a map."""
    return message_of(field).fields_by_name["value"]


def is_map(field: FieldDescriptor) -> bool:
    """Whether a field is a map."""
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def is_list(field: FieldDescriptor) -> bool:
    """Whether a field is a list, and not a map."""
    return field.is_repeated and not is_map(field)
