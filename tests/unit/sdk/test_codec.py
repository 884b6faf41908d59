"""Typed values as JSON text and back; schemas; errors that name the path."""

import contextlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, NamedTuple, NewType, NotRequired, TypedDict, cast
from uuid import UUID

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from asynctask._codec.nesting import nesting
from asynctask._codec.text import ANY, codec_of
from asynctask.errors import DecodeError, UnwritableValue
from asynctask_core import limits


class Colour(Enum):
    RED = "red"
    BLUE = 3


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Point(NamedTuple):
    x: int
    y: float = 0.5


class Options(TypedDict):
    name: str
    size: NotRequired[int]


UserId = NewType("UserId", int)


@dataclass(frozen=True)
class Leaf:
    name: str
    data: bytes = b""
    when: datetime | None = None


@dataclass
class Tree:
    leaves: list[Leaf] = field(default_factory=list)
    children: "list[Tree]" = field(default_factory=list)
    by_level: dict[Level, Leaf] = field(default_factory=dict)
    colour: Colour = Colour.RED
    path: Path = Path("/")
    pair: tuple[int, str] = (0, "")
    tags: frozenset[str] = frozenset()
    lasts: timedelta = timedelta(0)
    day: date = date(2026, 1, 1)
    price: Decimal = Decimal(0)
    id: UUID | None = None
    mode: Literal["a", 1, True] = "a"
    user: UserId = UserId(0)
    point: Point | None = None
    number: Annotated[float, "unit: m"] = 0.0
    either: int | str | None = None


texts = st.text()
times = st.datetimes(timezones=st.just(UTC)) | st.datetimes()
leaves = st.builds(Leaf, texts, st.binary(), st.none() | times)
trees = st.recursive(
    st.builds(Tree),
    lambda children: st.builds(
        Tree,
        leaves=st.lists(leaves, max_size=3),
        children=st.lists(children, max_size=3),
        by_level=st.dictionaries(st.sampled_from(Level), leaves, max_size=2),
        colour=st.sampled_from(Colour),
        path=texts.map(lambda text: Path("/" + text.replace("\0", ""))),
        pair=st.tuples(st.integers(), texts),
        tags=st.frozensets(texts, max_size=3),
        lasts=st.timedeltas(timedelta(days=-36_500), timedelta(days=36_500)),
        day=st.dates(),
        price=st.decimals(allow_nan=False, allow_infinity=False),
        id=st.uuids(),
        mode=st.sampled_from(["a", 1, True]),
        user=st.integers(),
        point=st.builds(Point, st.integers(), st.floats(allow_nan=False, allow_infinity=False)),
        number=st.floats(allow_nan=False, allow_infinity=False),
        either=st.none() | st.integers() | texts,
    ),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(trees)
def test_any_tree_of_records_comes_back_equal(tree: Tree):
    text = codec_of(Tree).encode(tree)
    text.encode()  # UTF-8, for any value
    assert codec_of(Tree).decode(text) == tree


@settings(max_examples=60, deadline=None)
@given(trees)
def test_encoded_values_meet_their_own_schema(tree: Tree):
    codec = codec_of(Tree)
    jsonschema_rs.validator_for(codec.schema()).validate(json.loads(codec.encode(tree)))


@dataclass
class Described:
    """A record whose fields say more about themselves."""

    path: str = field(metadata={"json_schema": {"pattern": "^/", "description": "An absolute path."}})
    count: int = field(default=3, metadata={"json_schema": {"minimum": 1}})


def test_schema_has_what_the_fields_of_a_dataclass_add_to_it():
    schema: Any = codec_of(Described).schema()
    assert schema["$defs"]["Described"]["properties"] == {
        "path": {"type": "string", "pattern": "^/", "description": "An absolute path."},
        "count": {"type": "integer", "default": 3, "minimum": 1},
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None)
@given(json_values)
def test_plain_json_passes_unchanged_without_annotation(value: object):
    assert codec_of(Any).decode(codec_of(Any).encode(value)) == value


@settings(max_examples=60, deadline=None)
@given(json_values)
def test_decoding_any_json_either_fits_or_raises_decode_error(value: object):
    with contextlib.suppress(DecodeError):
        assert isinstance(codec_of(Tree).decode(json.dumps(value)), Tree)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"leaves": [{"name": 3}]}', "config.leaves[0].name: must be a text; got 3"),
        (
            '{"children": [{}, {"colour": "green"}]}',
            "config.children[1].colour: must be one of 'red', 3; got 'green'",
        ),
        ('{"by_level": {"2": {}}}', "config.by_level['2']: lacks 'name'"),
        ('{"by_level": {"7": {}}}', "config.by_level['7']: must be one of 1, 2; got '7'"),
        ('{"pair": [1]}', "config.pair: must be a list of 2; got [1]"),
        ('{"number": true}', "config.number: must be a finite number; got True"),
        ('{"sizes": 1}', "config: has no field 'sizes'; fields are 'leaves'"),
        ('{"number": NaN}', "config.number: must be JSON, which has no NaN: write a number, null, or a text"),
        ('{"leaves": [1e999]}', "config.leaves[0]: must be a number from -1.7976931348623157e+308 to 1.79"),
        ("9" * 5000, "config: must be a number of at most 4,300 digits; got one of 5,000"),
        ('{"lasts": 1e300}', "config.lasts: must be seconds; got 1e+300"),
        ("[]", "config: must be an object (Tree); got []"),
        ("{", "config: must be JSON"),
        (
            "[" * 100_000,
            f"config{'[0]' * 10}…{'[0]' * 10}: is nested too deeply: at most 100",
        ),
    ],
)
def test_decode_error_names_the_path(text: str, message: str):
    with pytest.raises(DecodeError) as caught:
        codec_of(Tree).decode(text, "config")
    assert caught.value.message.startswith(message)


@dataclass
class Branch:
    below: "Branch | None" = None


def test_value_may_be_nested_as_deep_as_every_reader_takes():
    """Fails when more passes: what one version of Python writes another one cannot read."""
    branch: Branch | None = None
    for _ in range(limits.JSON_LEVELS):
        branch = Branch(branch)
    text = codec_of(Branch).encode(cast("Branch", branch))
    assert codec_of(Branch).decode(text) == branch
    with pytest.raises(TypeError, match=r"^config\.below.*: is nested too deeply: at most 100 .*; got 101"):
        codec_of(Branch).encode(Branch(branch), "config")


@pytest.mark.parametrize(
    "value",
    [
        "[" * 1000,
        {'"[{\\': ['\\"[' * 1000]},
        [[] for _ in range(1000)],
        [{"a": [{}, []]} for _ in range(1000)],
    ],
)
def test_brackets_of_texts_and_neighbours_are_no_levels(value: Any):
    assert ANY.decode(ANY.encode(value)) == value


def test_value_that_does_not_fit_its_annotation_is_not_encoded():
    with pytest.raises(TypeError, match=r"result\.leaves\[1\]: must be a Leaf; got 'x'"):
        codec_of(Tree).encode(Tree(leaves=[Leaf("a"), "x"]), "result")  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="result: must be a finite number"):
        codec_of(float).encode(float("inf"), "result")


def test_numbers_are_not_taken_for_each_other():
    assert codec_of(int).decode("3.0") == 3
    assert codec_of(float).decode("3") == 3.0
    for annotation, text in ((int, "true"), (int, "3.5"), (int, '"3"'), (bool, "1"), (str, "3")):
        with pytest.raises(DecodeError):
            codec_of(annotation).decode(text)


def test_union_takes_the_member_that_fits():
    codec = codec_of(Leaf | Point | list[int] | None)
    for value in (None, Leaf("a"), Point(1, 2.0), [1, 2]):
        assert codec.decode(codec.encode(value)) == value
    with pytest.raises(DecodeError, match="fits no member"):
        codec.decode('"text"')


def test_typed_dict_requires_what_it_says():
    codec = codec_of(Options)
    assert codec.decode('{"name": "x"}') == {"name": "x"}
    assert codec.encode({"name": "x", "size": 1}) == '{"name":"x","size":1}'
    with pytest.raises(DecodeError, match="lacks 'name'"):
        codec.decode('{"size": 1}')


def test_names_that_are_not_utf8_survive():
    name = b"na\xefve".decode("utf-8", "surrogateescape")
    text = codec_of(Path).encode(Path(name))
    text.encode()
    assert codec_of(Path).decode(text) == Path(name)


class Moment(datetime):
    """As libraries make their own."""


class Own(Enum):
    ONE = "x"


def test_value_inside_plain_json_is_written_as_what_it_is_a_kind_of():
    """Fails when a path in a dict is refused with the advice to use paths: its class is one of the system's."""
    value = {"folder": Path("/x"), "pure": PurePosixPath("y"), "when": Moment(2026, 1, 1), "own": Own.ONE}
    assert ANY.encode(value) == '{"folder":"/x","pure":"y","when":"2026-01-01T00:00:00","own":"x"}'
    with pytest.raises(TypeError, match=r"value\.it: .*cannot be written as JSON"):
        ANY.encode({"it": type("Thing", (), {})()})


LOOP: list[Any] = []
LOOP.append({"b": LOOP})


@dataclass
class Ring:
    number: int = 0
    below: "list[Ring]" = field(default_factory=list["Ring"])


def ring() -> Ring:
    found = Ring()
    found.below.append(found)
    return found


def nested(levels: int) -> Any:
    found: list[Any] = []
    for _ in range(levels - 1):
        found = [found]
    return found


NO_BYTES = "must be JSON, which has no bytes: give a text, or annotate what takes them as bytes; got"
NO_SETS = "must be JSON, which has no sets: give a list, or annotate what takes it as a set; got"
DIGITS = "must be a number of at most 4,300 digits; got one of"
DEEP = "is nested too deeply: at most 100 lists and objects may be inside one another; got"
UNWRITABLE: list[tuple[Any, Any, str]] = [
    (Any, b"x", f"config: {NO_BYTES} b'x'"),
    (Any, {"a": [b"x"]}, f"config.a[0]: {NO_BYTES} b'x'"),
    (Any, {"a": bytearray(b"x")}, f"config.a: {NO_BYTES} bytearray(b'x')"),
    (dict[str, Any], {"a": memoryview(b"x")}, f"config.a: {NO_BYTES} <memory at 0x"),
    (str, b"x", "config: must be a text; got b'x'"),
    (Any, {"a": {"b"}}, f"config.a: {NO_SETS} {{'b'}}"),
    (Any, [frozenset([1])], f"config[0]: {NO_SETS} frozenset({{1}})"),
    (Any, {b"x": 1}, "config: must have texts or numbers as keys; got b'x'"),
    (Any, {"a": {(1, 2): 3}}, "config.a: must have texts or numbers as keys; got (1, 2)"),
    (Any, {"1": "first", 1: "second"}, "config.1: is the second key that is written as '1'"),
    (Any, {"a": [{True: 1, "true": 2}]}, "config.a[0].true: is the second key that is written as 'true'"),
    (
        dict[str, Any],
        {"a": ({None: 1, "null": 2},)},
        "config.a[0].null: is the second key that is written as 'null'",
    ),
    (Any, {"a": (x for x in ())}, "config.a: <class 'generator'> cannot be written as JSON: use"),
    (Any, {"a": [10**5000]}, f"config.a[0]: {DIGITS} 5,001"),
    (
        Ring,
        Ring(below=[Ring(10**5000)]),
        f"config.below[0].number: {DIGITS} 5,001",
    ),
    (
        Any,
        {10**5000: 1},
        f"config: must have other keys: one {DIGITS} 5,001",
    ),
    (str, 10**5000, "config: must be a text; got a whole number of 5,001 digits"),
    (float, 10**400, "config: must be a number that fits a float; got 1000"),
    (Any, {"a": LOOP}, "config.a[0].b: contains itself"),
    (Ring, ring(), "config.below[0]: contains itself"),
    (Any, {"a": [ring()]}, "config.a[0].below[0]: contains itself"),
    (Any, {"a": nested(150)}, f"config.a{'[0]' * 9}[…{'[0]' * 10}: {DEEP} 151"),
    (Any, {"a": nested(100_000)}, f"config.a{'[0]' * 9}[…{'[0]' * 10}: {DEEP} 100,001"),
    (list[Any], nested(100_000), f"config{'[0]' * 10}…{'[0]' * 10}: {DEEP} 100,000"),
]


@pytest.mark.parametrize(("annotation", "value", "said"), UNWRITABLE, ids=range(len(UNWRITABLE)))
def test_what_json_does_not_have_is_refused_with_its_path_and_what_came(
    annotation: Any, value: Any, said: str
):
    """Fails when bytes are read back as another text and sets in another order, or Python's own advice is given."""
    with pytest.raises(UnwritableValue) as caught:
        codec_of(annotation).encode(value, "config")
    assert str(caught.value).startswith(said)


def test_what_an_annotation_says_is_written_as_bytes_and_sets():
    codec: Any = codec_of(dict[str, bytes | set[int]])
    value = {"a": b"x", "b": {1}}
    assert codec.decode(codec.encode(value)) == value


def test_value_that_is_in_several_places_does_not_contain_itself():
    one: list[Any] = []
    for _ in range(60):
        one = [one, one]
    with pytest.raises(UnwritableValue, match=f"^value.b: {re.escape(NO_BYTES)}"):
        ANY.encode({"a": [[1]] * 3, "b": b"x"})
    assert nesting([one, one]) is None


def test_checks_of_a_dataclass_are_kept():
    @dataclass
    class Range:
        low: int
        high: int

        def __post_init__(self) -> None:
            if self.low > self.high:
                raise ValueError("low is above high")

    with pytest.raises(DecodeError, match="value: low is above high"):
        codec_of(Range).decode('{"low": 2, "high": 1}')


class Inner(BaseModel):
    count: int = Field(ge=1)
    raw: bytes = b""


class Model(BaseModel):
    name: str
    inner: list[Inner] = []
    when: datetime | None = None


@dataclass
class Around:
    model: Model


def test_pydantic_models_validate_dump_and_describe_themselves():
    codec = codec_of(Around)
    value = Around(Model(name="x", inner=[Inner(count=2)], when=datetime(2026, 1, 1, tzinfo=UTC)))
    assert codec.decode(codec.encode(value)) == value
    with pytest.raises(DecodeError, match=r"config\.model\.inner\[0\]\.count: Input should be greater than"):
        codec.decode('{"model": {"name": "x", "inner": [{"count": 0}]}}', "config")
    schema = codec.schema()
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid({"model": {"name": "x", "inner": [{"count": 1}]}})
    assert not validator.is_valid({"model": {"name": "x", "inner": [{"count": 0}]}})


def test_violations_of_a_pydantic_model_are_told_one_a_line_each_with_its_path():
    with pytest.raises(DecodeError) as caught:
        codec_of(Around).decode('{"model": {"inner": [{"count": 0}]}}', "config")
    lines = str(caught.value).split("\n")
    assert lines[0].startswith("config.model.name: ")
    assert lines[1].startswith("config.model.inner[0].count: ")
    with pytest.raises(DecodeError, match=r"union \(\.name: [^\n]*; \.inner\[0\]\.count: [^\n]*; or "):
        codec_of(Model | int).decode('{"inner": [{"count": 0}]}', "config")


def test_recursive_records_have_a_finite_schema():
    schema = codec_of(Tree).schema()
    assert schema["$ref"] == "#/$defs/Tree"
    assert set(cast("dict[str, object]", schema["$defs"])) == {"Tree", "Leaf", "Point"}
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid({"children": [{"children": []}]})
    assert not validator.is_valid({"children": [{"unknown": 1}]})


def test_annotation_that_is_no_json_is_refused_with_what_is_allowed():
    class Odd:
        pass

    with pytest.raises(TypeError, match="cannot be written as JSON: use dataclasses"):
        codec_of(list[Odd]).encode([Odd()])


@dataclass
class Loose:
    anything: Any


def circle() -> dict[str, object]:
    found: dict[str, object] = {"name": "x"}
    found["again"] = [found]
    return found


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"folder": object()}, "task_config.folder: an object of type object cannot be written as JSON"),
        ({"files": [1, {"at": object()}]}, "task_config.files[1].at: an object of type object"),
        ({"left": Loose(object())}, "task_config.left.anything: an object of type object"),
        (Loose([object()]), "task_config.anything[0]: an object of type object"),
        ({"left": Leaf(1)}, "task_config.left.name: must be a text; got 1"),  # pyright: ignore[reportArgumentType]
        ({"when": range}, "task_config.when: <class 'type'> cannot be written as JSON: use dataclasses"),
        ({"share": [0.5, float("nan")]}, "task_config.share[1]: must be a finite number; got nan"),
        ({"sizes": {(1, 2): 3}}, "task_config.sizes: must have texts or numbers as keys; got (1, 2)"),
        (circle(), "task_config.again[0]: contains itself"),
        (Loose({2.5: 1, "2.5": 2}), "task_config.anything.2.5: is the second key that is written as '2.5'"),
    ],
)
def test_value_that_is_no_json_is_refused_with_its_path(value: object, message: str):
    with pytest.raises(TypeError) as caught:
        codec_of(Any).encode(value, "task_config")
    assert str(caught.value).startswith(message)


def test_functions_of_json_that_a_handler_replaces_change_nothing(monkeypatch: pytest.MonkeyPatch):
    """Fails when one handler's patch of the standard library spoils the results of every other one."""
    for place in ("JSONEncoder.encode", "JSONEncoder.iterencode", "JSONDecoder.decode", "dumps", "loads"):
        monkeypatch.setattr(f"json.{place}", None)
    monkeypatch.setattr("json.encoder.encode_basestring", None)
    for value in ("a", {"a": [1, "b\n", None]}, [True], ["\udce9"], "\udce9"):
        text = ANY.encode(value)
        assert ANY.decode(text) == value
        assert ANY.decode(f" {text} ") == value


def test_two_keys_that_are_written_alike_are_refused():
    """Fails when one of two values is lost without a word: 1 and "1" are one key in JSON."""
    with pytest.raises(TypeError, match=r"value\['1'\]: is the second key that is written as '1'"):
        codec_of(dict[int | str, str]).encode({1: "a", "1": "b"})
