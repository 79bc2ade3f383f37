"""The header of a run: what was asked for, and the facts that its results depend on. Typed here, JSON on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from harness.common.errors import Impossible
from harness.common.moved import moved_if_there
from harness.common.options import arguments_of, options_of, unusable_values, values_of
from harness.common.project import project_root
from harness.common.typed import typed
from harness.datasets.choice import Choice
from harness.goldens.policy import Policy, read_policy
from harness.goldens.vocabulary import LabelVerdict
from harness.plugins.lock import Lock
from harness.runs.request import RunRequest

RUN_FILE_FORMAT = 2


class HeaderError(Impossible):
    """A header that cannot be read: what is wrong, and at which place in it."""


@dataclass(frozen=True)
class GoldenFacts:
    """A golden as it was when the run was made."""

    page: str = ""
    """SHA-256 of the page's bytes."""
    labels: str = ""
    """A hash of all that the golden says of the page."""
    flags: tuple[str, ...] = ()
    """Known defects."""
    facts: str = ""
    """A hash of its facts; empty where it has none."""

    @property
    def hashes(self) -> tuple[str, str]:
        """The hashes of its page and of its labels."""
        return self.page, self.labels


@dataclass(frozen=True)
class ExtractorFacts:
    """An extractor as it was when the run was made."""

    source: str = ""
    """Where its code is."""
    code: str = ""
    """A hash of its code."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of its function other than the page."""
    identity: str = ""
    """A hash of everything that can change an output: code, options, environment."""
    lock: Lock | None = None
    """The packages that it ran with; None where they are not known or come with the harness."""


_UNKNOWN = GoldenFacts()


@dataclass(frozen=True)
class RunHeader:
    """What a run was asked to do, and the facts that its results depend on."""

    id: str
    """The run's name."""
    request: RunRequest = field(default_factory=RunRequest)
    """What was asked for."""
    states_choice: bool = True
    """Whether the request says which part of the goldens was taken; baselines and runs of earlier versions may not."""
    verdicts: Mapping[str, LabelVerdict] = field(default_factory=dict)
    """What the policy of the request, if there is one, said then: the verdict on each kind of text that it names."""
    started: str = ""
    """When the run began: ISO 8601, UTC."""
    harness: str = ""
    """The version of the harness."""
    python: str = ""
    """The version of Python."""
    platform: str = ""
    """The operating system."""
    folder: str = ""
    """The folder that the run was started in; empty where unknown."""
    packages: tuple[str, ...] = ()
    """`NAME==VERSION` of all packages that the harness itself ran with, such as its parser; empty where unknown."""
    metrics: tuple[str, ...] = ()
    """Metrics that records have values of."""
    metric_sources: Mapping[str, str] = field(default_factory=dict)
    """Where metrics that do not come with the harness are from, by name."""
    shown: tuple[str, ...] = ()
    """The metrics that tables show."""
    definitions: Mapping[str, int] = field(default_factory=dict)
    """Versions of what scores are computed by (see harness.metrics.definitions)."""
    goldens: Mapping[str, GoldenFacts] = field(default_factory=dict)
    """The goldens of the run, by id."""
    extractors: Mapping[str, ExtractorFacts] = field(default_factory=dict)
    """The extractors of the run, by name."""
    references: tuple[str, ...] = ()
    """References, which do not compete."""
    unranked: tuple[str, ...] = ()
    """Sets whose main content is the output of an extractor, so that they rank no extractor."""
    skipped: tuple[str, ...] = ()
    """Goldens that were left out, since their pages were not there."""
    broken: tuple[str, ...] = ()
    """Files of goldens that were left out, since something is wrong with them."""
    merged: tuple[str, ...] = ()
    """Runs of which this one was merged."""

    @property
    def policy(self) -> Policy | None:
        """The policy that goldens were read under. Raises Impossible where neither the header nor a file has it any more."""
        if not self.request.policy:
            return None
        return Policy(self.request.policy, self.verdicts) if self.verdicts else read_policy(self.request.policy)

    def golden(self, golden_id: str) -> GoldenFacts:
        """A golden as it was; without hashes where the header does not know it."""
        return self.goldens.get(golden_id, _UNKNOWN)

    def extractor(self, name: str) -> ExtractorFacts:
        """An extractor as it was; without hashes where the header does not know it."""
        return self.extractors.get(name, ExtractorFacts())


_FACTS = tuple(name for name in RunHeader.__dataclass_fields__ if name not in ("request", "states_choice"))
_RARE = ("verdicts", "metric_sources", "merged")
"""Facts that are written only where there are some."""
_CHOICE = frozenset(item.key for item in options_of(Choice)) - {"seed"}


def header_object(header: RunHeader) -> dict[str, Any]:
    """The header as JSON has it on disk, where paths are relative to the root of the project."""
    header = moved_header(header, Path(), project_root())
    request = header.request
    arguments = {key: _plain(value) for key, value in values_of(request).items()}
    if request.predictions:
        arguments["predictions"] = _plain(request.predictions)
    facts = {name: _plain(getattr(header, name)) for name in _FACTS if name not in ("goldens", *_RARE)}
    goldens = {golden_id: _golden_object(golden) for golden_id, golden in header.goldens.items()}
    present = {name: _plain(value) for name in _RARE if (value := getattr(header, name))}
    return {**facts, "seed": request.choice.seed, "arguments": arguments, "goldens": goldens, **present}


def read_header(values: Mapping[str, Any]) -> RunHeader:
    """The header that a JSON object on disk is, with paths relative to the current folder. Raises HeaderError."""
    arguments = values.get("arguments", {})
    if not isinstance(arguments, dict):
        raise HeaderError("expected an object at `arguments`")
    request = arguments_of(RunRequest, arguments) | {"predictions": arguments.get("predictions", [])}
    known = {name: values[name] for name in _FACTS if values.get(name) is not None}
    try:
        header = typed(RunHeader, {**known, "request": request})
    except ValueError as error:
        raise HeaderError(str(error)) from None
    for item, reason in unusable_values(header.request):
        raise HeaderError(f"{reason} - at `$.arguments.{item.key}`")
    return replace(moved_header(header, project_root(), Path()), states_choice=arguments.keys() >= _CHOICE)


def moved_header(header: RunHeader, start: Path, end: Path) -> RunHeader:
    """The header with paths relative to `end`, where they are relative to `start`."""
    return replace(
        header,
        request=header.request.moved(start, end),
        broken=tuple(moved_if_there(path, start, end) for path in header.broken),
    )


def _golden_object(golden: GoldenFacts) -> dict[str, Any]:
    rare = {"flags": list(golden.flags), "facts": golden.facts}
    return {"page": golden.page, "labels": golden.labels, **{name: value for name, value in rare.items() if value}}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return asdict(value) if isinstance(value, ExtractorFacts) else value
