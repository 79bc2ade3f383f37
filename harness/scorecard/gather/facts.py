"""What is needed to get a scorecard's numbers again: versions, options, goldens with their hashes, seed, commands."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from harness import __version__
from harness.engine.base import DEFAULT_MEMORY, DEFAULT_TIMEOUT
from harness.metrics import METRICS
from harness.runs.file import Record, Run
from harness.scorecard.data import ExtractorFact, Facts, GoldenFact
from harness.scorecard.gather.matrix_file import Matrix
from harness.stats.intervals import RESAMPLES

_SHOWN = 3  # names that a sentence lists

# Options of `harness run` that decide what is measured, with the values that need not be written.
_OPTIONS: dict[str, Any] = {
    "timeout": DEFAULT_TIMEOUT,
    "memory": DEFAULT_MEMORY,
    "repeat": 1,
    "sample": None,
    "seed": 0,
    "limit": None,
    "shard": None,
}
_WORDS = {"goldens": "-g", "extractor": "-e", "kind": "--kind", "lang": "--lang", "site": "--site"}
_PATHS = {"without_flag": "--without-flag", "plugins": "--plugins", "local_packages": "--with"}


def facts(run: Run, records: Sequence[Record], times: bool, matrix: Matrix | None = None) -> Facts:
    """The facts of a run, for the extractors and goldens that records are of. times: whether measured times are shown.
    matrix: the one that is shown, if any.
    """
    header = run.header
    goldens = _goldens(header, records)
    lines = "".join(f"{golden.id} {golden.page} {golden.labels}\n" for golden in goldens)
    arguments = header.get("arguments", {})
    started = [("started", str(header["started"]))] if header.get("started") else []
    system = [("Python", str(header["python"])), ("system", str(header["platform"]))] if header.get("python") else []
    layouts = [("robustness", f"a matrix of harness {matrix.harness}, SHA-256 {matrix.digest}")] if matrix else []
    definitions = ", ".join(f"{name} {version}" for name, version in header.get("definitions", {}).items() if version != 1)
    return Facts(
        facts=(
            ("results of", "the baseline" if run.id == "baseline" else f"run {run.id}"),
            *started,
            ("harness", str(header.get("harness") or __version__)),
            *system,
            ("metrics", ", ".join(name for name in header.get("shown", []) if name in METRICS)),
            *([("definitions newer than their first version", definitions)] if definitions else []),
            ("goldens", _sets(goldens)),
            ("seed of samples", str(header.get("seed", 0))),
            ("intervals", f"95 %, {RESAMPLES:,} resamples of sites within each set, seed 0"),
            *layouts,
            ("repeats of a page", str(arguments.get("repeat", 1))),
            (
                "times",
                "measured on the machine of the run" if times else "left out, since they differ from machine to machine",
            ),
        ),
        commands=tuple(_commands(run, " --robustness matrix.json" if matrix else "")),
        digest=hashlib.sha256(lines.encode("utf-8", "backslashreplace")).hexdigest(),
        goldens=goldens,
        extractors=tuple(_extractor(run, name) for name in sorted({record.extractor for record in records})),
    )


def notes(run: Run, records: Sequence[Record]) -> list[str]:
    """What a reader should know of the goldens: known defects, and sets that nobody can be ranked by."""
    pages = {record.golden for record in records}
    flags = Counter(flag for id in pages for flag in run.header.get("goldens", {}).get(id, {}).get("flags", ()))
    flagged = ", ".join(f"{flag} {number}" for flag, number in flags.most_common())
    found = [f"Known defects of the goldens, in pages of {len(pages)}: {flagged}."] if flagged else []
    if sets := sorted({record.set for record in records} & {*run.header.get("unranked", [])}):
        found.append(f"The main content of {', '.join(sets)} is the output of an extractor: never rank by it.")
    return found


def warnings(run: Run) -> list[str]:
    """What keeps a run from saying all that was asked."""
    found = []
    if not run.finished:
        found.append(f"The run was not finished: {len(run.records)} results.")
    for key, what in (("broken", "broken and left out"), ("skipped", "left out, since their pages were not there")):
        if names := run.header.get(key, []):
            more = " …" if len(names) > _SHOWN else ""
            found.append(f"{len(names)} goldens were {what}: {', '.join(map(str, names[:_SHOWN]))}{more}")
    return found


def _goldens(header: Mapping[str, Any], records: Sequence[Record]) -> tuple[GoldenFact, ...]:
    pages = {record.golden: record for record in records}
    about = header.get("goldens", {})

    def fact(id: str) -> GoldenFact:
        known, record = about.get(id, {}), pages[id]
        hashes = str(known.get("page", "")), str(known.get("labels", ""))
        return GoldenFact(id, record.kind, record.lang, record.site, *hashes, tuple(known.get("flags", ())))

    return tuple(fact(id) for id in sorted(pages))


def _sets(goldens: Sequence[GoldenFact]) -> str:
    sets = Counter(golden.id.rpartition("/")[0] for golden in goldens)
    return f"{len(goldens)} pages: {', '.join(f'{name} {number}' for name, number in sorted(sets.items()))}"


def _extractor(run: Run, name: str) -> ExtractorFact:
    about = run.header.get("extractors", {}).get(name, {})
    options = about.get("options") or {}
    return ExtractorFact(
        name=name,
        version=run.versions.get(name),
        options=json.dumps(options, sort_keys=True) if options else "",
        code=str(about.get("code") or ""),
        identity=str(about.get("identity") or ""),
    )


def _commands(run: Run, options: str) -> list[str]:
    """The commands that made the run and then the scorecard, with these options."""
    if run.id == "baseline":
        return ["harness run", "harness accept", f"harness scorecard baseline{options} -o scorecard.html"]
    arguments = run.header.get("arguments", {})
    words: list[str] = ["harness", "run"]
    if predictions := arguments.get("predictions"):
        words = ["harness", "score", *map(str, predictions)]
    for name, option in (_WORDS | _PATHS).items():
        if name == "extractor" and predictions:
            continue
        for value in arguments.get(name) or ():
            words += [option, str(value)]
    for name, usual in _OPTIONS.items():
        if (value := arguments.get(name, usual)) != usual:
            words += [f"--{name}", str(value)]
    if arguments.get("isolated"):
        words.append("--isolated")
    return [shlex.join(words), f"harness scorecard {shlex.quote(run.id)}{options} -o scorecard.html"]
