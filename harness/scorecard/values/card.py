"""The scorecard as a whole, and the facts that its numbers depend on."""

from __future__ import annotations

from dataclasses import dataclass

from harness.scorecard.values.changes import Changes, ReleaseHistory
from harness.scorecard.values.exposure import ExposureView
from harness.scorecard.values.models import ModelsView
from harness.scorecard.values.pages import WorstPages
from harness.scorecard.values.robustness import Robustness
from harness.scorecard.values.track import Track


@dataclass(frozen=True)
class Profile:
    """One extractor in a few sentences."""

    extractor: str
    """The extractor's name."""
    version: str | None
    """None where unknown."""
    tracks: tuple[str, ...]
    """Names of the tracks that it is made for."""
    strengths: tuple[str, ...]
    """Sentences on what it is good at."""
    weaknesses: tuple[str, ...]
    """Sentences on what it is bad at."""


@dataclass(frozen=True)
class GoldenFact:
    """A golden as it was measured."""

    id: str
    """The id, `SET/NAME`."""
    kind: str
    """The kind of page."""
    lang: str
    """The language tag, such as `en-GB`."""
    site: str
    """The site, as a host name."""
    page: str
    """SHA-256 of the page."""
    labels: str
    """Hash of the labels."""
    flags: tuple[str, ...]
    """Known defects."""


@dataclass(frozen=True)
class ExtractorFact:
    """An extractor as it was run."""

    name: str
    """As in the run."""
    version: str | None
    """None where unknown."""
    options: str
    """As JSON; empty for none."""
    code: str
    """Hash of its code; empty where unknown."""
    identity: str
    """Hash of everything that can change its output; empty where unknown."""
    python: str = ""
    """The version of Python that ran it; empty where unknown."""
    packages: tuple[str, ...] = ()
    """`NAME==VERSION` of all packages that it ran with; empty where unknown, and for what comes with the harness."""


@dataclass(frozen=True)
class Facts:
    """What is needed to get the same numbers again."""

    facts: tuple[tuple[str, str], ...]
    """Names and values."""
    commands: tuple[str, ...]
    """The commands that made the run and the scorecard."""
    digest: str
    """One hash over all goldens."""
    goldens: tuple[GoldenFact, ...]
    """By id."""
    extractors: tuple[ExtractorFact, ...]
    """By name."""


@dataclass(frozen=True)
class Scorecard:
    """All that is shown."""

    title: str
    """What the scorecard is of."""
    run: str
    """The id of the run."""
    warnings: tuple[str, ...]
    """What a reader must know first."""
    notes: tuple[str, ...]
    """What a reader should know of the goldens."""
    profile: Profile | None
    """Of a lone extractor."""
    tracks: tuple[Track, ...]
    """One for each media type."""
    changes: tuple[Changes, ...]
    """Since the baseline, for each extractor that it has."""
    history: tuple[ReleaseHistory, ...]
    """For each extractor of which several releases were run."""
    pages: WorstPages
    """The worst pages, with their words."""
    facts: Facts
    """What is needed to get the same numbers again."""
    times: bool
    """Whether measured times are shown."""
    robustness: Robustness | None = None
    """None where there was no matrix."""
    exposure: ExposureView | None = None
    """None where no record of exposure was given."""
    models: ModelsView | None = None
    """None where no extractor is generative or gave a confidence."""
