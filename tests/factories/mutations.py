"""Damages plain values and files as hands, other programs and full disks do: seeded, so that it can be seen again."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import yaml

_DEEP: list[Any] = []
for _ in range(150):
    _DEEP = [_DEEP]

_NUMBERS = (0, -1, 3, 2.5, -0.5, 2**31, 2**63, 10**400, 1e308, -1e308, float("nan"), float("inf"), -float("inf"))
_STEERING = ("\0", "\x1b[31m", "a\nb", "\ud800", "::error::x", "=1+1", "../../x", "/", "9" * 5_000, "x" * 70_000)
_TEXTS = ("", "x", "ok", "2026-13-45", "nan", "F", "core/a", "1%", "latest")
_NESTED = ([], [None], [1, "a"], ["a", "a"], [[]], {}, {"": None}, {"x": 1}, {"F": "much"}, {"kept": 1e400}, _DEEP)
WRONG: tuple[Any, ...] = (None, True, False, *_NUMBERS, *_STEERING, *_TEXTS, *_NESTED, datetime.date(2026, 1, 1))


def mutated(value: Any, random: Random) -> Any:
    """A copy of plain values with one to three changes below the top: other types and sizes, keys lost and added."""
    changed = copy.deepcopy(value)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        _change(changed, random)
    return changed


def damaged(content: bytes, random: Random) -> bytes:
    """Bytes that were cut, doubled, overwritten, put in another encoding, or nested beyond reason."""
    at, length = random.randrange(len(content) + 1), random.randrange(1, 40)
    junk = random.choice((b"\xff\xfe", b"\0", b"[" * 100_000, b'{"a":' * 50_000, b"\n", b'"', b"\xed\xa0\x80", b"1e999"))
    return random.choice(
        (
            content[:at],
            content[at:],
            content[:at] + content[at + length :],
            content[:at] + junk + content[at:],
            content[:at] + junk + content[at + length :],
            content + content,
            content.decode("utf-8", "replace").encode("utf-16"),
            b"\xef\xbb\xbf" + content,
            b"",
        )
    )


def as_json(value: Any) -> str:
    """Values as JSON, with what Python writes beyond its standard."""
    return json.dumps(value, default=str)


def as_yaml(value: Any) -> str:
    """Values as YAML."""
    return str(yaml.safe_dump(value, sort_keys=False))


def as_toml(table: Any) -> str:
    """Values as TOML, each on a line and inline; what TOML has no word for becomes a text."""
    return "".join(f"{_toml_key(name)} = {_toml(value)}\n" for name, value in table.items())


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_key(name)} = {_toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return json.dumps("null" if value is None else value)


def _toml_key(name: object) -> str:
    return json.dumps(str(name))


def _change(value: Any, random: Random) -> None:
    places = list(_places(value))
    if not places:
        return
    holder, key = random.choice(places)
    kind = random.randrange(8)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder[random.choice(("", "x", "type", "\ud800", "9" * 400, "__class__", "F", key * 2))] = random.choice(WRONG)
    elif kind == 1:
        holder.insert(key, copy.deepcopy(random.choice(WRONG)))
    elif kind == 2:
        other, other_key = random.choice(places)
        holder[key] = copy.deepcopy(other[other_key])
    elif kind == 3 and isinstance(holder[key], list):
        holder[key] = {str(number): inner for number, inner in enumerate(holder[key])}
    elif kind == 3 and isinstance(holder[key], dict):
        holder[key] = [*holder[key].values()]
    else:
        holder[key] = copy.deepcopy(random.choice(WRONG))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value that something stands at: its holder and its key or number."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
