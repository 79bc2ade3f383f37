"""The schema of the rules of the gate."""

from __future__ import annotations

from harness.gate.rules import (
    ANY,
    PRESETS,
    ExposureRule,
    FindingsRule,
    Floor,
    KnownFailure,
    Limits,
    Ratio,
    Rules,
)
from harness.schemas.dataclasses import Schema, parts_of, table

_AMOUNT: Schema = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*[0-9.]+(e-?[0-9]+)?\s*%\s*$"}],
    "description": "a number of words, or a share of the main content such as 1%",
}
_AMOUNTS: Schema = {"anyOf": [_AMOUNT, {"type": "object", "additionalProperties": _AMOUNT}]}
_KEYS = {
    **{"pages": "page", "sites": "site", "extractors": "extractor", "kinds": "kind", "sets": "set"},
    **{"floors": "floor", "known_failures": "known_failure"},
}
"""The fields of Rules that files call otherwise."""
_OWN = {"speed": Ratio, "memory": Ratio, "findings": FindingsRule, "exposure": ExposureRule}
_LISTS = {"floors": Floor, "known_failures": KnownFailure}
_SECTIONS = ("pages", "sites", "extractors", "kinds", "sets")


def gate_rules() -> Schema:
    """A file of rules, or the table [tool.harness.gate] of pyproject.toml."""
    limits = {name: _limit(schema) for name, schema in parts_of(Limits).properties.items()}
    written = {**dict.fromkeys(_OWN, dict), **dict.fromkeys([*_LISTS, *_SECTIONS], list)}
    found = parts_of(Rules, **written, metric=str).properties
    own = {name: _with_about(parts_of(kind).table, found[name]) for name, kind in _OWN.items()}
    lists = {name: {"type": "array", "items": parts_of(kind, until=str).table} for name, kind in _LISTS.items()}
    section = {"type": "object", "additionalProperties": {"$ref": "#/$defs/limits"}}
    found |= own | {name: _with_about(schema, found[name]) for name, schema in lists.items()}
    found |= {name: _with_about(section, found[name]) for name in _SECTIONS}
    top = {_KEYS.get(name, name): schema for name, schema in found.items() if name not in ("limits", "uses_baseline")}
    preset = {"enum": [*PRESETS], "description": "The rules to begin with."}
    about = "The rules of `harness gate` (docs/gate.md)"
    return table({"preset": preset, **top, **limits}, about=about, **{"$defs": {"limits": table(limits)}})


def _limit(schema: Schema) -> Schema:
    if schema.get("type") != "number":
        about = f"{schema['description']} One amount, or an amount by kind of text, with `{ANY}` for all others."
        return _AMOUNTS | {"description": about}
    return {"type": "number", "minimum": 0, "description": schema["description"]}


def _with_about(schema: Schema, described: Schema) -> Schema:
    return schema | {"description": described["description"]}
