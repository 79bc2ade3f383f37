"""Plain values from a file as the types that the harness works with; what does not fit is refused, by its place.

Whatever a file has, reading it here ends with values of the right types or with a ValueError of one line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import msgspec

from harness.common.deadline import TookTooLong, deadline

T = TypeVar("T")

Number = Annotated[float, msgspec.Meta(ge=-1e15, le=1e15)]
"""A number that can be computed with: neither infinite nor NaN, nor so large that a sum of many would be."""
NumberFrom0 = Annotated[float, msgspec.Meta(ge=0, le=1e15)]
"""The same, 0 or more."""
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
"""A number from 0 to 1."""
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""A whole number of 0 or more."""


LONGEST_SETTINGS = 1_000_000
"""Characters of YAML or TOML: what takes about ten seconds to read."""
LONGEST_READING = 30.0
"""Seconds for that, since there are files of a tenth of the size that would take minutes."""
MOST_VALUES = 1_000_000
"""Values that YAML may stand for with all its aliases."""


def plain_json(text: str | bytes) -> Any:
    """The plain values that JSON states. Raises ValueError, in one line, for what is none."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def plain_yaml(text: str) -> Any:
    """The plain values that YAML states. Raises ValueError, in one line, for what is none.

    A text of more than LONGEST_SETTINGS characters, one that takes longer than LONGEST_READING, and one whose aliases stand
    for more than MOST_VALUES are refused, too.
    """
    with _bounded(text):
        return _yaml(text)


def plain_toml(text: str) -> dict[str, Any]:
    """The plain values that TOML states. Raises ValueError, in one line, for what is none.

    A text of more than LONGEST_SETTINGS characters and one that takes longer than LONGEST_READING are refused, too.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    with _bounded(text):
        try:
            return tomllib.loads(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None


@contextmanager
def _bounded(text: str) -> Iterator[None]:
    """Raise ValueError for a text that is too long, or that what runs meanwhile takes too long to read."""
    if len(text) > LONGEST_SETTINGS:
        raise ValueError(f"it has more than {LONGEST_SETTINGS:,} characters")
    try:
        with deadline(LONGEST_READING):
            yield
    except TookTooLong:
        raise ValueError(f"it takes longer than {LONGEST_READING:g} seconds to read") from None


def _yaml(text: str) -> Any:
    import yaml  # here, since few files are YAML

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is not None and _size(root, {}) > MOST_VALUES:
            raise ValueError(f"its aliases stand for more than {MOST_VALUES:,} values")
        _refuse_second_keys(root)
        values = None if root is None else yaml.SafeLoader("").construct_document(root)
        for found in _texts(values):
            found.encode("utf-8")  # refuses half characters, which can neither be written nor printed
        return values
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"{line}{error.problem or error.context}") from None
    # PyYAML lets through what its constructors raise for such as `!!int x`, `!!bool x` or a 13th month.
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise ValueError(" ".join(str(error).split())) from None


def _size(node: Any, known: dict[Any, int]) -> int:
    """How many values a node of YAML stands for, where each alias is what it stands for. Raises ValueError for a circle."""
    if node not in known:
        known[node] = MOST_VALUES  # until it is known: what an alias inside it stands for is endless
        inner = [part for pair in node.value for part in pair] if node.id == "mapping" else node.value
        known[node] = 1 + (0 if node.id == "scalar" else sum(_size(part, known) for part in inner))
    return known[node]


def _refuse_second_keys(root: Any) -> None:
    """Raise ValueError for a key that a mapping of YAML has twice, of which PyYAML would take the last one."""
    seen: set[Any] = set()
    rest = [root]
    while rest:
        node = rest.pop()
        if node is None or node in seen or node.id == "scalar":
            continue
        seen.add(node)
        if node.id == "sequence":
            rest += node.value
            continue
        rest += [part for pair in node.value for part in pair]
        names: set[str] = set()
        for key in (key for key, _ in node.value if key.id == "scalar"):
            if key.value in names:
                raise ValueError(f"line {key.start_mark.line + 1}: {key.value} occurs twice")
            names.add(key.value)


def _texts(values: Any) -> Iterator[str]:
    """Every text in plain values, keys included; what several places share is looked at once."""
    seen: set[int] = set()
    rest = [values]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, (dict, list)) and id(value) not in seen:
            seen.add(id(value))
            rest += [*value, *value.values()] if isinstance(value, dict) else value


def typed(kind: type[T], values: Any) -> T:
    """Plain values as a dataclass, or another type; keys that it has no field for are left out.

    Raises ValueError, which says what was expected, what is there, and at which place (`$` is the whole).
    """
    try:
        return msgspec.convert(values, kind, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def typed_json(kind: type[T], text: bytes) -> T:
    """What `typed` makes of the plain values that JSON states, in a fraction of the time. Raises ValueError as both do."""
    try:
        return cast(T, _decoder(cast(Hashable, kind)).decode(text))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Python's reader says what is wrong, or takes it: NaN, half characters.
        return typed(kind, plain_json(text.decode("utf-8", "replace")))


@cache
def _decoder(kind: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind, dec_hook=_path)


def _path(kind: type, value: Any) -> Path:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise msgspec.ValidationError(f"Expected a path, got {type(value).__name__}")
