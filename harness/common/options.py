"""Options of a request: declared once as fields of a dataclass, read by the command line, by files and by people.

A field made by `option` knows the flag that sets it, the key that a file keeps it under, and what its values look like.
A project can give options values of its own, which hold where the command line says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from harness.common.moved import moved_path
from harness.common.wording import did_you_mean

Move = Callable[[str, Path, Path], str]
"""Writes a word from another folder: the word, the folder that it is relative to, the one that it shall be relative to."""


@dataclass(frozen=True)
class Option:
    """What is known of one field of a request."""

    name: str
    """The field's name."""
    default: Any
    """Its value where nothing is asked for."""
    flag: str
    """The flag that sets it, such as `--kind`."""
    short: str | None
    """A short form of the flag, such as `-g`."""
    key: str
    """The key that a stored run keeps it under."""
    help: str
    """What it asks for, as `--help` says it."""
    metavar: str
    """What a value is called in `--help`."""
    parse: Callable[[str], Any]
    """Reads a value from a word of the command line. Raises ValueError, which says what is wrong with the word."""
    check: Callable[[Any], None] | None = None
    """For names of a list: raises ValueError for one that does not exist. Apart from `parse`, since old runs may have names
    that are gone, and since a command reports all such mistakes at once."""
    move: Move | None = None
    """For words that name files: writes one from another folder."""

    @property
    def repeated(self) -> bool:
        """Whether it may be given several times."""
        return isinstance(self.default, tuple)

    @property
    def switch(self) -> bool:
        """Whether it takes no value."""
        return self.default is False

    def moved(self, value: Any, start: Path, end: Path) -> Any:
        """A value that names files relative to `start`, with the same files relative to `end`; another one as it is."""
        move = self.move
        if not move or not value:
            return value
        if self.repeated:
            return tuple(self.parse(move(str(one), start, end)) for one in value)
        return self.parse(move(str(value), start, end))

    def words(self, value: Any) -> list[str]:
        """The words of a command line that ask for a value; none for the default, unless the project's is another one."""
        flag = self.short or self.flag
        if value == self.default and self.key not in _PROJECT:
            return []
        if self.switch:
            return [flag]
        values = value if self.repeated else (value,)
        # All digits of a number count, but for a whole one's `.0`.
        texts = [repr(one).removesuffix(".0") if isinstance(one, float) else str(one) for one in values]
        return [word for text in texts for word in self._asked(flag, text)]

    def _asked(self, flag: str, text: str) -> list[str]:
        # Behind a flag of its own, a parser would take it for another flag.
        return [f"{self.flag}={text}"] if text.startswith("-") else [flag, text]


_PROJECT: dict[str, Any] = {}


@contextmanager
def project_values(values: Mapping[str, Any]) -> Iterator[None]:
    """Let options have these values, by key, where the command line says nothing else."""
    before = dict(_PROJECT)
    _PROJECT.update(values)
    try:
        yield
    finally:
        _PROJECT.clear()
        _PROJECT.update(before)


def project_value(key: str, default: Any = None) -> Any:
    """The value that the project gives an option, else the default."""
    return _PROJECT.get(key, default)


def option(
    flag: str,
    *,
    help: str,
    default: Any = (),
    short: str | None = None,
    key: str | None = None,
    metavar: str | None = None,
    parse: Callable[[str], Any] = str,
    check: Callable[[Any], None] | None = None,
    move: Move | None = None,
) -> Any:
    """A field of a request. default: `()` for what may be given several times, False for a switch. move: not needed where
    `parse` is `path`."""
    stored = key or flag.removeprefix("--").replace("-", "_")
    named = {"flag": flag, "short": short, "key": stored, "metavar": metavar or stored.upper()}
    move = move or (moved_path if parse is path else None)
    return field(default=default, metadata={"option": named | {"help": help, "parse": parse, "check": check, "move": move}})


def options_of(request: type) -> Iterator[Option]:
    """The options of a dataclass, those of its parts included, in the order of its fields."""
    for item in fields(request):
        if about := item.metadata.get("option"):
            yield Option(item.name, item.default, **about)
        elif part := item.metadata.get("part"):
            yield from options_of(part)


def part(request: type) -> Any:
    """A field that holds further options: a dataclass of its own, by default as it is made without arguments."""
    return field(default_factory=request, metadata={"part": request})


def values_of(request: Any) -> dict[str, Any]:
    """The values of all options, by their keys."""
    found: dict[str, Any] = {}
    for item in fields(request):
        value = getattr(request, item.name)
        if about := item.metadata.get("option"):
            found[about["key"]] = value
        elif item.metadata.get("part") and is_dataclass(value):
            found |= values_of(value)
    return found


def asked_for(request: Any) -> str:
    """What a request asks for, but for the defaults, in words: `lang de, limit 3`."""
    values = values_of(request)
    given = [(item, values[item.key]) for item in options_of(type(request)) if values[item.key] != item.default]
    return ", ".join(
        f"{item.key.replace('_', '-')} {one}" for item, value in given for one in (value if item.repeated else (value,))
    )


def moved_values(request: Any, start: Path, end: Path) -> dict[str, Any]:
    """The values of the options that name files relative to `start`, with the same files relative to `end`, by field."""
    own = (
        Option(item.name, item.default, **item.metadata["option"]) for item in fields(request) if "option" in item.metadata
    )
    return {item.name: item.moved(getattr(request, item.name), start, end) for item in own if item.move}


def unusable_values(request: Any) -> Iterator[tuple[Option, str]]:
    """The options of a request with values that their flags could not have set, and what is wrong with each."""
    values = values_of(request)
    for item in options_of(type(request)):
        value = values[item.key]
        if value == item.default or item.switch:
            continue
        if item.repeated and not isinstance(value, (tuple, list)):
            yield item, f"{value!r} is not a tuple of values"
            continue
        for one in value if item.repeated else (value,):
            try:
                if item.parse(str(one)) != one:
                    yield item, f"{one!r} is of type {type(one).__name__}, not {type(item.parse(str(one))).__name__}"
            except ValueError as error:
                yield item, str(error)


def mistakes_in(request: Any) -> list[str]:
    """What is wrong with the values of a request, a line for each: unusable ones, and names that do not exist."""
    found = [f"{item.name}: {reason}" for item, reason in unusable_values(request)]
    if not found:
        values = values_of(request)
        checks = [(item.check, one) for item in options_of(type(request)) if item.check for one in values[item.key]]
        for check, one in checks:
            try:
                check(one)
            except ValueError as error:
                found.append(str(error))
    return found


def arguments_of(request: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by key as arguments of a request, with a dictionary for each of its parts; what is missing is left out."""
    given: dict[str, Any] = {}
    for item in fields(request):
        if about := item.metadata.get("option"):
            if about["key"] in values:
                given[item.name] = values[about["key"]]
        elif inner := item.metadata.get("part"):
            given[item.name] = arguments_of(inner, values)
    return given


def positive_integer(word: str) -> int:
    """A whole number above 0."""
    if not word.isdecimal() or int(word) < 1:
        raise ValueError(f"{word} is not a whole number of 1 or more")
    return int(word)


def integer(word: str) -> int:
    """A whole number."""
    try:
        return int(word)
    except ValueError:
        raise ValueError(f"{word!r} is not a whole number") from None


def seconds(word: str) -> float:
    """A number of seconds above 0."""
    try:
        value = float(word)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ValueError(f"{word} is not a number of seconds above 0")
    return value


def byte_count(word: str) -> int:
    """A size such as 500M, in bytes."""
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,6})?)([kmg]?)", word, re.I)
    if not match:
        raise ValueError(f"{word} is not a size such as 500M or 4G")
    return int(float(match[1]) * {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}[match[2].lower()])


def part_of_whole(word: str) -> str:
    """`I/N` with 1 ≤ I ≤ N."""
    match = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})", word)
    if not match or int(match[1]) > int(match[2]):
        raise ValueError(f"{word!r} is not a part such as 1/3")
    return word


def one_of(what: str, known: Collection[str]) -> Callable[[str], None]:
    """A check that a value is one of these names. what: what they are names of."""

    def check(name: str) -> None:
        if name not in known:
            raise ValueError(f"unknown {what} {name!r}{did_you_mean(name, known)}; known: {', '.join(known)}")

    return check


def path(word: str) -> Path:
    """A path, which is not empty: an empty word, as of an unset variable, would be the current folder."""
    if not word:
        raise ValueError("a path must not be empty")
    if "\0" in word:
        raise ValueError(f"{word!r} is no path: it has a NUL")
    return Path(word)
