"""The rules of the gate: what they are, and how they are read from pyproject.toml or a file (docs/gate.md)."""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from harness.alignment.origins import DUPLICATED, INVENTED, MOVED
from harness.baseline.model import OWN
from harness.common.errors import Impossible
from harness.common.project import project_file
from harness.common.typed import plain_yaml
from harness.common.wording import did_you_mean
from harness.fuzz.measure.relations import Level
from harness.goldens.vocabulary import PAGE_KINDS, TEXT_KINDS
from harness.metrics import METRICS, OWN_METRICS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PYPROJECT = Path("pyproject.toml")
ANY = "any"
LEVELS: tuple[Level, ...] = get_args(Level)  # of findings, the worst first

_LEAKS = (*TEXT_KINDS, DUPLICATED, MOVED, INVENTED)
_MOST = 1e15  # of a limit; infinity switches a rule off
_SLICES = ("kind", "lang", "set", "site")
_WORDS = {"leak_growth": _LEAKS, "page_leak_growth": _LEAKS, "optional_loss": TEXT_KINDS, "page_optional_loss": TEXT_KINDS}
_NUMBERS = ("mean_drop", "page_drop", "new_failures")
_LIMITS = (*_NUMBERS, *_WORDS)
_TOP = ("metric", "watch", *_LIMITS, "slice_drop", "slices", "speed", "memory", "findings", "kind", "set")


@dataclass(frozen=True)
class Amount:
    """A number of words, or a share of the words of the main content."""

    words: float = 0.0
    """The number, where there is no share."""
    share: float | None = None
    """0 or more; None for a number of words."""

    def of(self, main_words: int) -> float:
        """The words that are allowed where the main content has so many."""
        return self.words if self.share is None else self.share * main_words

    def __str__(self) -> str:
        return f"{self.words:g} words" if self.share is None else f"{100 * self.share:g} % of the main content"


@dataclass(frozen=True)
class Amounts:
    """What is allowed for each kind of text."""

    others: Amount = Amount()
    """For all kinds that are not named; `any` in a file of rules."""
    kinds: Mapping[str, Amount] = field(default_factory=dict)
    """For the kinds that are named."""

    def of(self, kind: str) -> Amount:
        """What is allowed for a kind of text."""
        return self.kinds.get(kind, self.others)


@dataclass(frozen=True)
class Limits:
    """What is allowed on the pages that these limits are for; infinity switches a rule off."""

    mean_drop: float = 0.0
    """By how much the metric's mean may fall."""
    page_drop: float = 0.0
    """By how much the metric may fall on a page."""
    new_failures: float = 0.0
    """Pages that may have no text now and had text in the baseline."""
    leak_growth: Amounts = Amounts()
    """Words of a kind that may leak more than before, over all pages."""
    page_leak_growth: Amounts = Amounts()
    """Words of a kind that may leak more than before on a page."""
    optional_loss: Amounts = Amounts()
    """Words of `maybe` texts of a kind that may be missing now, over all pages."""
    page_optional_loss: Amounts = Amounts()
    """Words of `maybe` texts of a kind that may be missing now on a page."""


@dataclass(frozen=True)
class Ratio:
    """A limit on time or memory, relative to another extractor of the same run."""

    reference: str
    """The other extractor."""
    ratio: float
    """How many times as much as the other one is allowed, above 0."""


@dataclass(frozen=True)
class FindingsRule:
    """The search that each extractor must have had, and how many new findings it may have had."""

    seed: int = 0
    """Of the search, as `harness fuzz --search` takes it."""
    examples: int = 300
    """Layouts that the search tries."""
    new: int = 0
    """Findings that may be there without having been accepted."""
    level: Level = "low"
    """The mildest findings that count."""


@dataclass(frozen=True)
class Rules:
    """What the gate allows; by default no loss of any sort."""

    metric: str | None = None
    """What pages are compared by; None for the metric that tables are ranked by."""
    watch: tuple[str, ...] = ("blocks.F", "punctuation", "code")
    """Further metrics whose means, and whose values on a page, may fall by as much as that one's."""
    limits: Limits = Limits()
    """For all pages that no other limits are for."""
    slices: tuple[str, ...] = ()
    """Keys, such as `kind`, by whose values the mean is judged, too."""
    slice_drop: float = 0.0
    """By how much the mean over the pages of one such value may fall."""
    speed: Ratio | None = None
    """Of the median time of a page."""
    memory: Ratio | None = None
    """Of the peak of a worker's memory."""
    findings: FindingsRule | None = None
    """None: searches are not judged."""
    kinds: Mapping[str, Limits] = field(default_factory=dict)
    """Limits for the pages of a kind."""
    sets: Mapping[str, Limits] = field(default_factory=dict)
    """Limits for the pages of a set, but for those whose kind has its own."""

    def section(self, kind: str, golden_set: str) -> str:
        """The name of the limits that a page falls under: `kind …`, else `set …`, else empty for `limits`."""
        return f"kind {kind}" if kind in self.kinds else f"set {golden_set}" if golden_set in self.sets else ""

    def sections(self) -> dict[str, Limits]:
        """All limits by the names that `section` gives."""
        kinds = {f"kind {name}": limits for name, limits in self.kinds.items()}
        return {"": self.limits, **kinds, **{f"set {name}": limits for name, limits in self.sets.items()}}


def read_rules(path: Path | None = None) -> Rules:
    """The rules of a TOML or YAML file; without one those of `[tool.harness.gate]` in the project's pyproject.toml, if any.

    A file that has such a table is read as pyproject.toml is. Raises Impossible with all mistakes, by file and key.
    """
    file = path or _of_project()
    if file is None:
        return Rules()
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
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise Impossible(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Impossible(f"{file}: not UTF-8 (byte {error.start})") from None
    is_yaml = file.suffix in (".yaml", ".yml")
    try:
        return plain_yaml(text) or {} if is_yaml else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Impossible(f"{file}: not {'YAML' if is_yaml else 'TOML'}: {error}") from None


class _RulesReader:
    """Reads a table of rules and gathers what is wrong with it."""

    def __init__(self, file: str, mistakes: list[str]) -> None:
        self._file = file
        self._mistakes = mistakes

    def rules(self, table: Any, key: str) -> Rules:
        if not self._is_table(table, key, _TOP):
            return Rules()
        limits = self._limits(table, key, Limits())
        metric = table.get("metric")
        if "metric" in table:
            self._metric(metric, _join(key, "metric"))
        return Rules(
            metric=metric,
            watch=self._watch(table.get("watch", Rules.watch), _join(key, "watch")),
            limits=limits,
            slices=self._slices(table.get("slices", []), _join(key, "slices")),
            slice_drop=self._number(table.get("slice_drop", 0.0), _join(key, "slice_drop")),
            speed=self._ratio(table.get("speed"), _join(key, "speed")),
            memory=self._ratio(table.get("memory"), _join(key, "memory")),
            findings=self._findings(table.get("findings"), _join(key, "findings")),
            kinds=self._sections(table.get("kind", {}), _join(key, "kind"), limits, PAGE_KINDS),
            sets=self._sections(table.get("set", {}), _join(key, "set"), limits, None),
        )

    def _metric(self, name: Any, key: str) -> bool:
        """Whether a name is that of a metric that baselines keep."""
        if not isinstance(name, str) or name not in METRICS:
            known = did_you_mean(str(name), METRICS)
            self._mistake(key, f"unknown metric {name!r}{known}; see `harness list metrics`")
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

    def _ratio(self, value: Any, key: str) -> Ratio | None:
        if value is None or not self._is_table(value, key, ("reference", "ratio")):
            return None
        reference, ratio = value.get("reference"), value.get("ratio")
        if not isinstance(reference, str):
            self._mistake(_join(key, "reference"), f"{reference!r} is not the name of an extractor")
        if not _is_number(ratio) or ratio == 0:
            self._mistake(_join(key, "ratio"), f"{ratio!r} is not a number above 0")
            return None
        return Ratio(str(reference), float(ratio))

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
