"""Findings: layouts that break an extractor, each a YAML file with the page and its golden beside it (docs/fuzzing.md)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from harness.common.errors import Impossible
from harness.common.files import content_of, write_whole
from harness.common.places import FINDINGS, in_project
from harness.common.typed import Number, Share, plain_yaml, typed
from harness.fuzz.catalogue import AnyOperator, values_of
from harness.fuzz.measure.bench import MeasuredPage
from harness.fuzz.measure.relations import KINDS, Kind
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps, GoldenError, PageNotFound, read_golden
from harness.goldens.writer import golden_text, labels_of
from harness.pages.words import join_words

FINDING_FILE_FORMAT = 1

_WORDS = 60  # of a passage that a finding tells
_REQUIRED = ("finding", "kind", "severity", "extractor", "source", "operators", "inserted", "before", "after", "pages")


class FindingError(Impossible):
    """A file that is no finding, or whose pages have changed; the message says what to do."""


@dataclass(frozen=True)
class Finding:
    """One failure of one extractor on the smallest layout that shows it."""

    kind: Kind
    """The kind of failure."""

    severity: Share
    """How bad it is, 0…1."""

    level: str
    """How much it matters: see measure.relations.Level."""

    extractor: str
    """The extractor's name."""

    version: str | None
    """The extractor's version, None where it tells none."""

    identity: str
    """A hash of the extractor, as runs store it."""

    options: Mapping[str, Any]
    """The extractor's options."""

    source: str
    """The id of the golden that the page was made of."""

    operators: tuple[Mapping[str, Any], ...]
    """What was done to the page, as plain values."""

    python: str
    """The same as Python, to be pasted."""

    seed: int
    """The seed of the search."""

    before: Mapping[str, str | Number | None]
    """What came out of the control page."""

    after: Mapping[str, str | Number | None]
    """What came out of the page."""

    lost: str
    """The first words of the main content that did not come out."""

    leaked: str
    """The first words that came out and should not have."""

    error: str
    """What a failure said."""

    shrunk: str
    """`complete`, or `capped` where a limit ended it."""

    made_with: Mapping[str, str]
    """Versions of what the page was made with."""

    inserted: tuple[str, ...] = ()
    """The texts that operators inserted."""

    pages: Mapping[str, Golden] = field(default_factory=dict)
    """The goldens: `page` and `control`, or what else the kind needs."""

    @property
    def fingerprint(self) -> str:
        """Equal for variants of one failure: the same kind, extractor and operators, whatever the dose and the page."""
        operators = sorted(repr(_quantised(values)) for values in self.operators)
        cause = self.error.partition(":")[0] if self.kind == "crash" else ""
        return hashlib.sha256("|".join([self.kind, self.extractor, cause, *operators]).encode()).hexdigest()[:8]

    @property
    def name(self) -> str:
        """`KIND_ID`, which its files are called by."""
        return f"{self.kind.replace(' ', '-')}_{self.fingerprint}"

    @property
    def id(self) -> str:
        """`EXTRACTOR/KIND_ID`."""
        return f"{folder_name(self.extractor)}/{self.name}"

    @property
    def page(self) -> Golden:
        """The page that fails, with its golden."""
        return self.pages["page"]


def folder_name(extractor: str) -> str:
    """The name of an extractor as that of a folder."""
    return re.sub(r"[^\w.@+-]+", "-", extractor).strip("-.") or "extractor"


def figures_of(side: MeasuredPage) -> dict[str, Any]:
    """What came out of a page, as a finding tells it."""
    reading = side.reading
    shares = {
        "P": reading.precision,
        "R": reading.recall,
        "F": reading.f,
        "retention": reading.retention,
        "leaked": reading.leaked,
        "duplicated": reading.duplicated,
        "disorder": reading.disorder,
        "invented": reading.invented,
    }
    return {"outcome": reading.outcome, **{key: None if value is None else round(value, 4) for key, value in shares.items()}}


def first_words(words: Sequence[str]) -> str:
    """The first words, and how many more there are."""
    rest = len(words) - _WORDS
    return join_words(list(words[:_WORDS])) + (f" … and {rest} more words" if rest > 0 else "")


def as_python(operators: Sequence[AnyOperator]) -> str:
    """Operators as Python."""
    return "[" + ", ".join(map(repr, operators)) + "]"


def plain_values(operators: Sequence[AnyOperator]) -> tuple[Mapping[str, Any], ...]:
    """Operators as plain values."""
    return tuple(map(values_of, operators))


def write_finding(finding: Finding, folder: Path | None = None) -> Path | None:
    """Write a finding, unless one with its fingerprint is there; its file, or None. Raises NotExpressible, OSError."""
    path = (folder or in_project(FINDINGS)) / folder_name(finding.extractor) / f"{finding.name}.yaml"
    if path.exists():
        return None
    files: dict[str, bytes] = {}
    pages: dict[str, str] = {}
    for role, golden in finding.pages.items():
        stem = finding.name if role == "page" else f"{finding.name}.{role}"
        page_name = stem + _suffix(golden)
        about = f"made by `harness fuzz` from {finding.source}: {finding.kind} of {finding.extractor}, {role}"
        written = golden_text(golden, page_name, labels_of(golden), about)
        files |= {page_name: golden.page.raw, f"{stem}.golden.yaml": written.encode()}
        pages[role] = f"{stem}.golden.yaml"
    values: dict[str, Any] = {"finding": FINDING_FILE_FORMAT, "fingerprint": finding.fingerprint}
    values |= {key: value for key, value in asdict(replace(finding, pages={})).items() if key != "pages"}
    values |= {"operators": list(map(dict, finding.operators)), "inserted": list(finding.inserted), "pages": pages}
    path.parent.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path.parent / name).write_bytes(content)
    text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=120)
    write_whole(path, text.encode("utf-8"))
    return path


def read_finding(path: Path) -> Finding:
    """The finding in a file, with its pages. Raises FindingError, OSError."""
    values = read_yaml(path, "search again")
    missing = [key for key in _REQUIRED if not isinstance(values, dict) or key not in values]
    if missing:
        raise FindingError(f"{path}: no finding: it lacks {', '.join(missing)}")
    if values["finding"] != FINDING_FILE_FORMAT:
        raise FindingError(
            f"{path}: written in format {values['finding']!r}, and this harness reads {FINDING_FILE_FORMAT}; search again"
        )
    if values["kind"] not in tuple(KINDS):
        raise FindingError(f"{path}: unknown kind {values['kind']!r}; known: {', '.join(KINDS)}")
    try:
        names = typed(dict[str, str], values["pages"])
        found = typed(Finding, {**values, "pages": {}})
    except ValueError as error:
        raise FindingError(f"{path}: damaged: {error}; search again") from None
    if isinstance(found.before.get("retention"), str):
        raise FindingError(f"{path}: damaged: `retention` of `before` is no number; search again")
    if "page" not in names:
        raise FindingError(f"{path}: it names no page; search again")
    try:
        pages = {
            role: read_golden(path.parent / Path(name).name, Dumps(()), f"{path.stem}/{role}")
            for role, name in names.items()
        }
    except (GoldenError, PageNotFound, OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise FindingError(f"{path}: its pages are not what they were: {error}; search again") from None
    return replace(found, pages=pages)


def read_yaml(path: Path, remedy: str) -> Any:
    """The plain values of a file. Raises FindingError, with the remedy, for one that is not YAML, OSError."""
    try:
        return plain_yaml(content_of(path).decode("utf-8"))
    except ValueError as error:
        raise FindingError(f"{path}: not YAML: {error}; {remedy}") from None


def files_of(path: Path) -> list[Path]:
    """The files of a finding: its own first, then its pages and goldens."""
    return [path, *sorted(other for other in path.parent.glob(f"{path.stem}.*") if other != path)]


def remove_finding(path: Path) -> None:
    """Remove a finding with its pages."""
    for file in files_of(path):
        file.unlink(missing_ok=True)


def promote_finding(finding: Finding, folder: Path) -> Path:
    """Write the page of a finding as a golden into a folder; the golden's file. Raises FileExistsError, NotExpressible."""
    stem = f"{folder_name(finding.extractor)}-{finding.name}".replace("_", "-").lower()
    page, target = folder / f"{stem}{_suffix(finding.page)}", folder / f"{stem}.yaml"
    about = f"{finding.kind} of {finding.extractor} {finding.version or ''}: {finding.python} on {finding.source}"
    written = golden_text(finding.page, page.name, labels_of(finding.page), " ".join(about.split()))
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in ((page, finding.page.page.raw), (target, written.encode())):
        with file.open("xb") as out:
            out.write(content)
    return target


def find_findings(names: Iterable[str], folder: Path | None = None) -> tuple[list[Path], list[str]]:
    """The files that names stand for, and a line for each name that stands for nothing.

    A name is a file, an extractor's folder, `EXTRACTOR/KIND_ID`, `KIND_ID` or an ID; without names all findings.
    """
    known = sorted(
        path for path in (folder or in_project(FINDINGS)).glob("*/*.yaml") if not path.name.endswith(".golden.yaml")
    )
    chosen: dict[Path, None] = {}
    unknown = []
    names = list(names)
    for name in names:
        file = Path(name)
        found = [file] if file.is_file() else [path for path in known if _is_called(path, name)]
        chosen.update(dict.fromkeys(found))
        if not found:
            unknown.append(f"no finding {name!r}; there are {len(known)} in {folder}")
    return (list(chosen) if names else known), unknown


def _suffix(golden: Golden) -> str:
    return ".html" if golden.page.media == "text/html" else ".txt"


def _is_called(path: Path, name: str) -> bool:
    extractor = path.parent.name
    return name.rstrip("/") in (
        path.stem,
        f"{extractor}/{path.stem}",
        extractor,
        path.stem.rpartition("_")[2],
        str(path.parent),
    )


def read_accepted(path: Path) -> frozenset[str]:
    """The ids of findings that somebody looked at and accepted; none without a file. Raises FindingError."""
    if not path.exists():
        return frozenset()
    values = read_yaml(path, "take an earlier version from version control") or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise FindingError(f"{path}: must be a list of EXTRACTOR/KIND_ID")
    return frozenset(values)


def write_accepted(ids: Iterable[str], path: Path) -> None:
    """Write the ids of accepted findings, sorted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = "".join(f"- {each}\n" for each in sorted(set(ids))) or "[]\n"
    path.write_text("# Findings of `harness fuzz --search` that are accepted: EXTRACTOR/KIND_ID\n" + rows, encoding="utf-8")


def _quantised(values: Mapping[str, Any]) -> list[tuple[str, object]]:
    """An operator's values without its dose: of numbers only whether they are 0, of lists whether they are empty."""

    def about(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, (int, float, list, tuple)):
            return value
        return bool(value)

    return sorted((key, about(value)) for key, value in values.items())
