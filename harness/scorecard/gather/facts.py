"""What is needed to get a scorecard's numbers again: versions, options, goldens with their hashes, seed, commands."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness import __version__
from harness.common.project import project_root
from harness.common.wording import command_line, plural
from harness.exposure.record import MEASURED, ExposureRecord
from harness.goldens.vocabulary import NO_MAIN_CONTENT
from harness.metrics import METRICS
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run
from harness.scorecard.gather.matrix_file import Matrix
from harness.scorecard.values.card import ExtractorFact, Facts, GoldenFact
from harness.stats.intervals import RESAMPLES

_SHOWN = 3  # names that a sentence lists


def facts(
    run: Run,
    records: Sequence[Record],
    times: bool,
    matrix: Matrix | None = None,
    exposed: Mapping[str, ExposureRecord] | None = None,
    only: str = "",
) -> Facts:
    """The facts of a run, for the extractors and goldens that records are of. times: whether measured times are shown.
    matrix, exposed: what is shown beside, if anything. only: the options that chose the records among those of the run.
    """
    header = run.header
    goldens = _goldens(header, records)
    lines = "".join(f"{golden.id} {golden.page} {golden.labels}\n" for golden in goldens)
    started = [("started", header.started)] if header.started else []
    asked = [("asked for by", _asked_for_by(run))] if run.id != "baseline" else []
    system = [("Python", header.python), ("system", header.platform)] if header.python else []
    layouts = [("robustness", f"a matrix of harness {matrix.harness}, SHA-256 {matrix.digest}")] if matrix else []
    if exposed:
        layouts.append(("exposure", f"records of harness {', '.join(sorted({one.harness for one in exposed.values()}))}"))
    definitions = ", ".join(f"{name} {version}" for name, version in header.definitions.items() if version != 1)
    return Facts(
        facts=(
            ("results of", "the baseline" if run.id == "baseline" else f"run {run.id}"),
            *asked,
            *started,
            ("harness", header.harness or __version__),
            *system,
            ("metrics", ", ".join(name for name in header.shown if name in METRICS)),
            *([("definitions newer than their first version", definitions)] if definitions else []),
            ("goldens", _sets(goldens)),
            ("seed of samples", str(header.request.choice.seed)),
            ("intervals", f"95 %, {RESAMPLES:,} resamples of sites within each set, seed 0"),
            *layouts,
            ("repeats of a page", str(header.request.repeat)),
            ("times", _times(run, records) if times else "left out, since they differ from machine to machine"),
        ),
        commands=tuple(_commands(run, f" {only}" * bool(only) + _beside(matrix, exposed))),
        digest=hashlib.sha256(lines.encode("utf-8", "backslashreplace")).hexdigest(),
        goldens=goldens,
        extractors=tuple(_extractor(run, name) for name in sorted({record.extractor for record in records})),
    )


def _beside(matrix: Matrix | None, exposed: Mapping[str, ExposureRecord] | None) -> str:
    return (" --robustness matrix.json" if matrix else "") + (f" --exposure {MEASURED}" if exposed else "")


def notes(run: Run, records: Sequence[Record]) -> list[str]:
    """What a reader should know of the goldens: known defects, and sets that nobody can be ranked by."""
    pages = {record.golden for record in records}
    flags = Counter(flag for golden_id in pages for flag in run.header.golden(golden_id).flags)
    without = flags.pop(NO_MAIN_CONTENT, 0)
    flagged = ", ".join(f"{flag} {number}" for flag, number in flags.most_common())
    found = [f"Known defects of the goldens, in pages of {len(pages)}: {flagged}."] if flagged else []
    if without:
        found.append(f"Pages without main content, where an empty answer is right: {without} of {len(pages)}.")
    if sets := sorted({record.set for record in records} & {*run.header.unranked}):
        found.append(f"The main content of {', '.join(sets)} is the output of an extractor: never rank by it.")
    return found


def warnings(run: Run) -> list[str]:
    """What keeps a run from saying all that was asked."""
    found = []
    if not run.finished:
        found.append(f"The run was not finished: {plural(len(run.records), 'result')}.")
    left_out = (
        (run.header.broken, "broken and left out"),
        (run.header.skipped, "left out, since the page is not here"),
    )
    for names, what in left_out:
        if names:
            more = " …" if len(names) > _SHOWN else ""
            goldens = f"{plural(len(names), 'golden')} {'was' if len(names) == 1 else 'were'}"
            found.append(f"{goldens} {what}: {', '.join(map(str, names[:_SHOWN]))}{more}")
    return found


def _times(run: Run, records: Sequence[Record]) -> str:
    """Where and when times were measured."""
    timed = [record for record in records if record.timing.get("wall") is not None]
    earlier = sum(record.cached for record in timed)
    where = f"measured in {len(run.header.merged)} runs that were merged" if run.header.merged else "measured in the run"
    return (
        f"{where}, but {earlier} of {len(timed)} in earlier runs (measure all by: harness run --fresh)" if earlier else where
    )


def _goldens(header: RunHeader, records: Sequence[Record]) -> tuple[GoldenFact, ...]:
    pages = {record.golden: record for record in records}

    def fact(golden_id: str) -> GoldenFact:
        known, record = header.golden(golden_id), pages[golden_id]
        return GoldenFact(golden_id, record.kind, record.lang, record.site, known.page, known.labels, known.flags)

    return tuple(fact(golden_id) for golden_id in sorted(pages))


def _sets(goldens: Sequence[GoldenFact]) -> str:
    sets = Counter(golden.id.rpartition("/")[0] for golden in goldens)
    return f"{plural(len(goldens), 'page')}: {', '.join(f'{name} {number}' for name, number in sorted(sets.items()))}"


def _extractor(run: Run, name: str) -> ExtractorFact:
    about = run.header.extractor(name)
    return ExtractorFact(
        name=name,
        version=run.versions.get(name),
        options=json.dumps(dict(about.options), sort_keys=True) if about.options else "",
        code=about.code,
        identity=about.identity,
        python=about.lock.python if about.lock else "",
        packages=about.lock.packages if about.lock else (),
    )


def _commands(run: Run, options: str) -> list[str]:
    """The commands that made the run and then the scorecard, with these options."""
    if run.id == "baseline":
        return ["harness run", "harness accept", f"harness scorecard baseline{options} -o scorecard.html"]
    again = f"harness scorecard {shlex.quote(run.id)}{options} -o scorecard.html"
    if any(about.lock for about in run.header.extractors.values()):
        return [command_line("run", "--locked", run.id), again]
    return [_asked_for_by(run), again]


def _asked_for_by(run: Run) -> str:
    """The command that made the run, as it is called in the root of the project: a card is the same wherever it is made."""
    return shlex.join(run.header.request.moved(Path(), project_root()).to_words())
