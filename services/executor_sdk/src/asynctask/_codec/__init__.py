"""Typed Python values to JSON text and back, by annotation; and the JSON Schema of an annotation.

- `shape`    what a shape is: decode, encode, schema; and the error that names the path
- `scalars`  numbers, texts, times, paths, enums, bytes
- `containers` lists, tuples, sets, dicts, unions
- `records`  dataclasses, TypedDicts, NamedTuples
- `foreign`  pydantic models, without importing pydantic
- `build`    the shape of an annotation
- `plain`    values inside plain JSON that JSON does not know: written by their own class, or refused
- `nesting`  how deep values are inside one another
- `misfit`   which annotation can never read what another one writes
- `text`     JSON text in and out: `Codec`
"""
