"""JSON Schemas of dataclasses, with what stands under each field as its description."""

from __future__ import annotations

import ast
import inspect
import math
import textwrap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, get_args, get_type_hints

import msgspec

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}


@dataclass(frozen=True)
class Parts:
    """What the schema of a dataclass is made of."""

    properties: dict[str, Schema]
    """The schema of each field, by its name."""
    required: tuple[str, ...]
    """The fields without a default."""
    definitions: dict[str, Schema]
    """The schemas of the dataclasses that it holds, by name, for `$defs`."""
    about: str
    """The beginning of its docstring."""

    @property
    def table(self) -> Schema:
        """The schema of an object that has these fields and no others."""
        return table(self.properties, self.required, self.about)


def parts_of(kind: type, **written: Any) -> Parts:
    """The parts of a dataclass's schema. written: the types that files have of some fields, in place of their own."""
    hints = {
        item.name: written.get(item.name, get_type_hints(kind, include_extras=True)[item.name]) for item in fields(kind)
    }
    schemas, definitions = msgspec.json.schema_components(hints.values(), schema_hook=_other, ref_template="#/$defs/{name}")
    for inner in set().union(*(_held(hint, set()) for hint in hints.values())):
        _describe(definitions[inner.__name__]["properties"], inner)
    properties = dict(zip(hints, schemas, strict=True))
    _describe(properties, kind)
    required = tuple(item.name for item in fields(kind) if item.default is MISSING and item.default_factory is MISSING)
    return Parts(properties, required, definitions, (kind.__doc__ or "").partition("\n")[0])


def _describe(properties: dict[str, Schema], kind: type) -> None:
    for name, text in _docstrings(kind).items():
        if name in properties:
            properties[name] = {**_finite(properties[name]), "description": text}


def table(properties: Mapping[str, Any], required: Collection[str] = (), about: str = "", **more: Any) -> Schema:
    """The schema of an object that has these properties and no others."""
    described = {"description": about} if about else {}
    needed = {"required": [*required]} if required else {}
    return {"type": "object", **described, "properties": dict(properties), **needed, "additionalProperties": False, **more}


def _other(kind: type) -> Schema:
    """The schema of what msgspec does not know, such as paths and versions: files have it as text."""
    return dict(TEXT)


def _held(kind: Any, seen: set[type]) -> set[type]:
    """The dataclasses that a type is made of, itself included."""
    if isinstance(kind, type) and is_dataclass(kind):
        if kind not in seen:
            seen.add(kind)
            hints = get_type_hints(kind)
            for item in fields(kind):
                _held(hints[item.name], seen)
        return seen
    for inner in get_args(kind):
        _held(inner, seen)
    return seen


def _docstrings(kind: type) -> dict[str, str]:
    return {name: text for base in reversed(kind.__mro__) if is_dataclass(base) for name, text in _under_fields(base)}


def _under_fields(kind: type) -> Iterator[tuple[str, str]]:
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)
    for node, after in zip(body.body, body.body[1:]):
        if isinstance(node, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            yield ast.unparse(node.target), " ".join(str(after.value.value).split())


def _finite(schema: Schema) -> Schema:
    """A schema without a default that JSON cannot state."""
    default = schema.get("default")
    return {key: value for key, value in schema.items() if key != "default" or default not in (math.inf, -math.inf)}
