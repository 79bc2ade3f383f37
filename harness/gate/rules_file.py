"""Reads the rules of the gate from pyproject.toml, or from a TOML or YAML file (docs/gate.md)."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from harness.alignment.origins import DUPLICATED, INVENTED, MOVED
from harness.baseline.model import OWN
from harness.common.errors import Impossible
from harness.common.files import content_of
from harness.common.project import project_file
from harness.common.typed import plain_toml, plain_yaml
from harness.common.wording import did_you_mean
from harness.gate.rules import (
    ANY,
    LEVELS,
    PAGE_RULES,
    PRESETS,
    Amount,
    Amounts,
    ExposureRule,
    FindingsRule,
    Floor,
    KnownFailure,
    Limits,
    Ratio,
    Rules,
)
from harness.goldens.vocabulary import PAGE_KINDS, TEXT_KINDS
from harness.metrics import METRICS, OWN_METRICS

PYPROJECT = Path("pyproject.toml")

_LEAKS = (*TEXT_KINDS, DUPLICATED, MOVED, INVENTED)
_MOST = 1e15  # of a limit; infinity switches a rule off
_SLICES = ("kind", "lang", "set", "site")
_WORDS = {"leak_growth": _LEAKS, "page_leak_growth": _LEAKS, "optional_loss": TEXT_KINDS, "page_optional_loss": TEXT_KINDS}
_NUMBERS = ("mean_drop", "page_drop", "new_failures", "characters_growth")
_LIMITS = (*_NUMBERS, *_WORDS)
_SECTIONS = ("page", "site", "extractor", "kind", "set")
_LISTS = ("floor", "known_failure")
_KNOWN_FAILURE = ("extractor", "page", "reason", "until", "value", "rules")  # the first five must be there
_TOP = (
    *("preset", "metric", "watch", *_LIMITS, "slice_drop", "slices", "speed", "memory", "findings", "exposure"),
    *(*_SECTIONS, *_LISTS),
)
ALONE = tuple(name for name, rules in PRESETS.items() if rules.uses_baseline)  # presets that need no file
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read_rules(name: str | Path | None = None) -> Rules:
    """The rules of a preset or of a TOML or YAML file; without a name those of `[tool.harness.gate]` in the
    project's pyproject.toml.

    A file that has such a table is read as pyproject.toml is. Raises Impossible with all mistakes, by file and key.
    """
    if isinstance(name, str) and name in PRESETS:
        if not PRESETS[name].uses_baseline:
            raise Impossible(f"rules {name!r}: they judge nothing alone; set `preset` and `floor` in a file of rules")
        return PRESETS[name]
    path = None if name is None else Path(name)
    file = path or _of_project()
    if file is None:
        return Rules()
    if path and not path.exists() and not path.suffix:
        known = f"no preset{did_you_mean(str(name), ALONE)}; there are {', '.join(ALONE)}"
        raise Impossible(f"rules {str(name)!r}: no such file, and {known}")
    content = _content(file)
    prefix = "tool.harness.gate"
    table: Any = content
    for name in prefix.split("."):
        table = table.get(name) if isinstance(table, dict) else None
    if table is None:
        if path is None:
            return Rules()
        if file.name == PYPROJECT.name:
            raise Impossible(f"{file}: has no table [{prefix}]")
        table, prefix = content, ""
    mistakes: list[str] = []
    rules = _RulesReader(f"{file}: ", mistakes).rules(table, prefix)
    if mistakes:
        raise Impossible("\n".join(mistakes))
    return rules


def _of_project() -> Path | None:
    found = project_file()
    return found.path if found else None


def _content(file: Path) -> Any:
    try:
        text = content_of(file).decode("utf-8")
    except OSError as error:
        raise Impossible(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Impossible(f"{file}: not UTF-8 (byte {error.start})") from None
    is_yaml = file.suffix in (".yaml", ".yml")
    try:
        return plain_yaml(text) or {} if is_yaml else plain_toml(text)
    except ValueError as error:
        raise Impossible(f"{file}: not {'YAML' if is_yaml else 'TOML'}: {error}") from None


class _RulesReader:
    """Reads a table of rules and gathers what is wrong with it."""

    def __init__(self, file: str, mistakes: list[str]) -> None:
        self._file = file
        self._mistakes = mistakes

    def rules(self, table: Any, key: str) -> Rules:
        if not self._is_table(table, key, _TOP):
            return Rules()
        base = self._preset(table.get("preset", "commit"), _join(key, "preset"))
        limits = self._limits(table, key, base.limits)
        metric = table.get("metric")
        if "metric" in table:
            self._metric(metric, _join(key, "metric"))

        def section(name: str, known: Collection[str] | None = None) -> dict[str, Limits]:
            return self._sections(table.get(name, {}), _join(key, name), limits, known)

        rules = replace(
            base,
            metric=metric,
            watch=self._watch(table.get("watch", base.watch), _join(key, "watch")),
            limits=limits,
            slices=self._slices(table.get("slices", []), _join(key, "slices")),
            slice_drop=self._number(table.get("slice_drop", 0.0), _join(key, "slice_drop")),
            speed=self._ratio(table.get("speed"), _join(key, "speed"), ("sum", "worst")),
            memory=self._ratio(table.get("memory"), _join(key, "memory")),
            findings=self._findings(table.get("findings"), _join(key, "findings")),
            exposure=self._exposure(table.get("exposure"), _join(key, "exposure")),
            pages=section("page"),
            sites=section("site"),
            extractors=section("extractor"),
            kinds=section("kind", PAGE_KINDS),
            sets=section("set"),
            floors=self._floors(table.get("floor", []), _join(key, "floor")),
            known_failures=self._known_failures(table.get("known_failure", []), _join(key, "known_failure")),
        )
        if not rules.uses_baseline:
            if not table.get("floor"):
                self._mistake(_join(key, "preset"), "'floors' judges nothing without a `floor`")
            for name in [name for name in table if name not in ("preset", "floor")]:
                self._mistake(_join(key, name), "has no effect with the preset 'floors', which uses no baseline")
        return rules

    def _preset(self, name: Any, key: str) -> Rules:
        if isinstance(name, str) and name in PRESETS:
            return PRESETS[name]
        self._mistake(key, f"unknown preset {name!r}{did_you_mean(str(name), PRESETS)}; known: {', '.join(PRESETS)}")
        return Rules()

    def _floors(self, value: Any, key: str) -> tuple[Floor, ...]:
        floors = []
        for at, table in self._list(value, key, ("extractor", "metric", "value", "set", "goldens"), 3):
            metric, number = table["metric"], table["value"]
            if not isinstance(metric, str) or metric not in METRICS:
                known = did_you_mean(str(metric), METRICS)
                self._mistake(_join(at, "metric"), f"unknown metric {metric!r}{known}; see `harness list metrics`")
            named = {name: self._text(table.get(name, ""), _join(at, name)) for name in ("extractor", "set", "goldens")}
            if number == math.inf:
                self._mistake(_join(at, "value"), "no value reaches inf")
            floors.append(Floor(metric=str(metric), value=self._number(number, _join(at, "value")), **named))
        return tuple(floors)

    def _known_failures(self, value: Any, key: str) -> tuple[KnownFailure, ...]:
        found: list[KnownFailure] = []
        for at, table in self._list(value, key, _KNOWN_FAILURE, 5):
            named = {name: self._text(table[name], _join(at, name)) for name in ("extractor", "page", "reason")}
            if any((one.extractor, one.page) == (named["extractor"], named["page"]) for one in found):
                self._mistake(at, f"{named['extractor']} on {named['page']} is a known failure twice")
            until = self._end(table["until"], _join(at, "until"))
            value = self._number(table["value"], _join(at, "value"))
            covered = self._covered(table.get("rules", KnownFailure.rules), _join(at, "rules"))
            found.append(KnownFailure(until=until, value=value, rules=covered, **named))
        return tuple(found)

    def _covered(self, value: Any, key: str) -> tuple[str, ...]:
        """What a known failure covers: rules, and metrics that may be watched."""
        if not isinstance(value, (list, tuple)):
            self._mistake(key, f"{value!r} is no list such as ['page_drop', 'code']")
            return ()
        return tuple(name for name in value if name in PAGE_RULES or self._metric(name, key, PAGE_RULES))

    def _list(self, value: Any, key: str, known: tuple[str, ...], required: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The tables of a list that have what they need, each with its key. required: how many of the names, from the first,
        each must have.
        """
        if not isinstance(value, list):
            self._mistake(key, f"{value!r} is no list of tables: [[{key}]] begins one")
            return
        for number, table in enumerate(value, 1):
            at = f"{key}[{number}]"
            if not self._is_table(table, at, known):
                continue
            missing = [name for name in known[:required] if name not in table]
            if missing:
                self._mistake(at, f"has no {' and no '.join(missing)}")
            else:
                yield at, table

    def _text(self, value: Any, key: str) -> str:
        if isinstance(value, str) and (value.strip() or key.endswith((".set", ".goldens"))):
            return value
        self._mistake(key, f"{value!r} is not a text")
        return ""

    def _end(self, value: Any, key: str) -> date | Version:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            if isinstance(value, str):
                return date.fromisoformat(value) if _DAY.fullmatch(value) else Version(value)
        except (ValueError, InvalidVersion):
            pass
        self._mistake(key, f"{value!r} is neither a day such as 2027-03-01 nor a version in quotes such as '2.4'")
        return date.min

    def _metric(self, name: Any, key: str, others: tuple[str, ...] = ()) -> bool:
        """Whether a name is that of a metric that baselines keep. others: what else it may be."""
        if not isinstance(name, str) or name not in METRICS:
            known = did_you_mean(str(name), (*METRICS, *others))
            what = f"{name!r} is no metric and none of {', '.join(others)}" if others else f"unknown metric {name!r}"
            self._mistake(key, f"{what}{known}; see `harness list metrics`")
            return False
        if name in OWN_METRICS and name not in OWN:
            kept = f"{', '.join(OWN)} and those of benchmarks"
            self._mistake(key, f"the baseline does not keep {name}, but {kept}")
            return False
        return True

    def _watch(self, value: Any, key: str) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)):
            self._mistake(key, f"{value!r} is no list such as ['blocks.F', 'code']")
            return ()
        return tuple(dict.fromkeys(name for name in value if self._metric(name, key)))

    def _sections(self, table: Any, key: str, base: Limits, known: Collection[str] | None) -> dict[str, Limits]:
        if not self._is_table(table, key, known):
            return {}
        found = {}
        for name, limits in table.items():
            if self._is_table(limits, _join(key, str(name)), _LIMITS):
                found[str(name)] = self._limits(limits, _join(key, str(name)), base)
        return found

    def _limits(self, table: Mapping[str, Any], key: str, base: Limits) -> Limits:
        """The limits of a table; those that it does not name are the base's."""
        found: dict[str, Any] = dict(vars(base))
        found |= {name: self._number(table[name], _join(key, name)) for name in _NUMBERS if name in table}
        found |= {
            name: self._amounts(table[name], _join(key, name), kinds) for name, kinds in _WORDS.items() if name in table
        }
        return Limits(**found)

    def _amounts(self, value: Any, key: str, kinds: Collection[str]) -> Amounts:
        if not isinstance(value, dict):
            return Amounts(self._amount(value, key))
        if not self._is_table(value, key, (ANY, *kinds)):
            return Amounts()
        amounts = {name: self._amount(amount, _join(key, name)) for name, amount in value.items()}
        return Amounts(amounts.pop(ANY, Amount()), amounts)

    def _amount(self, value: Any, key: str) -> Amount:
        if isinstance(value, str) and value.strip().endswith("%"):
            try:
                share = float(value.strip()[:-1]) / 100
            except ValueError:
                share = -1.0
            if 0 <= share < math.inf:
                return Amount(share=share)
        elif _is_number(value):
            return Amount(float(value))
        self._mistake(key, f"{value!r} is no number of words such as 20, nor a share of the main content such as '1%'")
        return Amount()

    def _number(self, value: Any, key: str) -> float:
        if _is_number(value):
            return float(value)
        self._mistake(key, f"{value!r} is not a number of 0 or more")
        return 0.0

    def _slices(self, value: Any, key: str) -> tuple[str, ...]:
        if not isinstance(value, list):
            self._mistake(key, f"{value!r} is no list such as ['kind', 'lang']")
            return ()
        for name in value:
            if name not in _SLICES:
                self._mistake(key, f"unknown key {name!r}{did_you_mean(str(name), _SLICES)}; known: {', '.join(_SLICES)}")
        return tuple(dict.fromkeys(name for name in value if name in _SLICES))

    def _ratio(self, value: Any, key: str, more: tuple[str, ...] = ()) -> Ratio | None:
        if value is None or not self._is_table(value, key, ("reference", "ratio", *more)):
            return None
        reference = value.get("reference")
        if not isinstance(reference, str):
            self._mistake(_join(key, "reference"), f"{reference!r} is not the name of an extractor")
        numbers = {}
        for name in ("ratio", *(name for name in more if name in value)):
            number = value.get(name)
            if not _is_number(number) or number == 0:
                self._mistake(_join(key, name), f"{number!r} is not a number above 0")
                return None
            numbers[name] = float(number)
        return Ratio(str(reference), **numbers)

    def _findings(self, value: Any, key: str) -> FindingsRule | None:
        usual = FindingsRule()
        if value is None or not self._is_table(value, key, tuple(vars(usual))):
            return None
        level = value.get("level", usual.level)
        if level not in LEVELS:
            self._mistake(
                _join(key, "level"), f"unknown level {level!r}{did_you_mean(str(level), LEVELS)}; known: {', '.join(LEVELS)}"
            )
        return FindingsRule(
            seed=self._integer(value.get("seed", usual.seed), _join(key, "seed")),
            examples=self._integer(value.get("examples", usual.examples), _join(key, "examples"), least=1),
            new=self._integer(value.get("new", usual.new), _join(key, "new")),
            level=level,
        )

    def _exposure(self, value: Any, key: str) -> ExposureRule | None:
        if value is None or not self._is_table(value, key, tuple(vars(ExposureRule()))):
            return None
        return ExposureRule(self._integer(value.get("new", 0), _join(key, "new")))

    def _integer(self, value: Any, key: str, least: int = 0) -> int:
        if type(value) is int and value >= least:
            return value
        self._mistake(key, f"{value!r} is not a whole number of {least} or more")
        return least

    def _is_table(self, value: Any, key: str, known: Collection[str] | None) -> bool:
        """Whether a value is a table; names in it that are not known are mistakes."""
        if not isinstance(value, dict):
            self._mistake(key, f"{value!r} is not a table")
            return False
        for name in value:
            if known is not None and name not in known:
                self._mistake(
                    _join(key, str(name)), f"unknown key{did_you_mean(str(name), known)}; known: {', '.join(known)}"
                )
        return True

    def _mistake(self, key: str, what: str) -> None:
        self._mistakes.append(f"{self._file}{key}: {what}" if key else f"{self._file}{what}")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and (0 <= value <= _MOST or value == math.inf)


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
