"""Which documented regressions of extractors a set of goldens shows.

    python -m benchmarks.regressions [-g GOLDENS]... [NUMBER...]

Each row has two releases of an extractor, the better one first, and what got worse between them; a fix is seen backwards.
`red` means that `harness gate` would stop the change by that preset, for whatever reason: whether a page shows this
fault, somebody has to look. Pairs in which nothing is known to be worse should stay green under `release`.

pip fetches the releases, uv installs each in an environment of its own, and outputs are kept: the first time takes a minute
or two a pair, the second a few seconds. Most releases are older than those our wrappers are written for. Where a wrapper
cannot drive one, its pages fail; where one cannot be installed or loaded, the row says so.

NUMBER: these rows only. GOLDENS: as `harness run -g` takes them (default: web and web-heldout).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.baseline.model import baseline_of
from harness.common.errors import CANNOT_TELL, OK, WORSE, CannotTell, HarnessError
from harness.common.places import cache_folder
from harness.evaluation.events import Finished
from harness.evaluation.run import run
from harness.gate.judge import judge
from harness.gate.rules_file import read_rules
from harness.gate.verdict import Verdict
from harness.report.kit import markdown
from harness.report.kit.numbers import signed
from harness.runs.record import Run
from harness.runs.request import RunRequest

PRESETS = ("release", "commit")
"""The presets of rules that pairs are judged by."""


@dataclass(frozen=True)
class Pair:
    """Two releases of an extractor."""

    number: int
    """Its number; several pairs may show one regression."""
    extractor: str
    """The extractor."""
    better: str
    """The release without the fault."""
    worse: str
    """The release with it."""
    fault: str
    """What got worse; empty where nothing is known."""
    own_requirements: bool = False
    """Whether the worse release is to be run with its own requirements alone."""


PAIRS = (
    Pair(1, "trafilatura", "1.9.0", "1.10.0", "one bad colspan empties the whole page"),
    Pair(2, "trafilatura", "1.9.0", "1.12.0", "a colspan of a million makes a million characters"),
    Pair(3, "trafilatura", "1.7.0", "1.8.1", "threads in nested div are lost"),
    Pair(4, "trafilatura", "1.0.0", "1.2.2", "answers to questions are lost"),
    Pair(5, "trafilatura", "2.1.0", "2.2.0", "hidden related stories leak"),
    Pair(6, "trafilatura", "2.1.0", "2.2.0", "images are dropped, which a text does not show"),
    Pair(7, "trafilatura", "2.2.0", "2.1.0", "nobr in cells and items that are only a link are lost"),
    Pair(8, "trafilatura", "2.3.0", "2.2.0", "the next article of an endless page leaks"),
    Pair(9, "trafilatura", "2.3.0", "2.2.0", "MathML is dropped"),
    Pair(10, "defuddle_js", "0.14.0", "0.15.0", "a page in one form is lost"),
    Pair(11, "defuddle_js", "0.14.0", "0.17.0", "sections whose id has a word such as feedback are deleted"),
    Pair(12, "defuddle_js", "0.15.0", "0.16.0", "a row of images deletes the rest of the article"),
    Pair(13, "defuddle_js", "0.14.0", "0.18.1", "headings that are links with a fragment are deleted"),
    Pair(14, "goose3", "3.1.18", "3.1.19", "Portuguese articles come out empty"),
    Pair(15, "goose3", "3.1.19", "3.1.18", "words in small are lost"),
    Pair(16, "html2text", "2025.4.15", "2024.2.26", "bad character references become half characters"),
    Pair(17, "html2text", "2020.1.16", "2024.2.25", "an empty strong_mark is an error, which needs that option"),
    Pair(18, "html2text", "2020.1.16", "2024.2.25", "double spaces, which words do not show"),
    Pair(19, "readability_lxml", "0.8.4.1", "0.9", "pages come out empty"),
    Pair(20, "readability_lxml", "0.6.2", "0.7", "a page of a service is lost"),
    Pair(21, "resiliparse", "1.1.0", "2.0.1", "entries of lists are lost"),
    Pair(22, "justext", "3.0.1", "3.0.0", "does not load with lxml 5.2", own_requirements=True),
    Pair(23, "trafilatura", "2.0.0", "2.1.0", "blocks in items of lists are glued together, which the set `web` has found"),
    Pair(31, "trafilatura", "2.3.0", "2.3.1", ""),
    Pair(32, "readability_js", "0.4.4", "0.5.0", ""),
    Pair(33, "resiliparse", "2.0.0", "2.0.1", ""),
    Pair(34, "justext", "3.0.1", "3.0.2", ""),
    Pair(35, "goose3", "3.1.21", "3.1.22", ""),
)
"""Regressions that changelogs, issues and comparisons of releases tell of, and pairs in which no fault is known."""


def main(arguments: Sequence[str]) -> int:
    """Print a row for each pair as it is measured, and how many are red. Exit code 2 for a number that no pair has."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER")
    parser.add_argument("-g", "--goldens", action="append", default=[])
    options = parser.parse_args(arguments)
    if unknown := set(options.numbers) - {pair.number for pair in PAIRS}:
        parser.error(f"no pair has the number {', '.join(map(str, sorted(unknown)))}")
    goldens = tuple(options.goldens) or ("web", "web-heldout")
    pairs = [pair for pair in PAIRS if not options.numbers or pair.number in options.numbers]
    print("| | pair | what got worse | release | commit | worst pages |\n|---:|---|---|---|---|---|")
    colours: dict[Pair, str] = {}
    for pair in pairs:
        colours[pair], row = _row(pair, goldens)
        print(row, flush=True)
    faults = [colour for pair, colour in colours.items() if pair.fault]
    others = [colour for pair, colour in colours.items() if not pair.fault]
    print(f"\nUnder `release`, {faults.count('red')} of {len(faults)} regressions are red,", end=" ")
    print(f"and {others.count('red')} of {len(others)} pairs without one.")
    return 0


def verdicts(pair: Pair, goldens: tuple[str, ...]) -> dict[str, Verdict]:
    """The verdict of each preset on the worse release. Raises HarnessError if one of them cannot be measured."""
    before, after = _request(pair, pair.better, goldens), _request(pair, pair.worse, goldens)
    ((old,), (new,)) = before.extractors, after.extractors
    baseline = baseline_of(_measured(before)).renamed({old: new})
    found = _measured(replace(after, own_requirements=pair.own_requirements))
    return {name: judge(found, baseline, read_rules(name), run_name=new, baseline_name=old) for name in PRESETS}


def _request(pair: Pair, release: str, goldens: tuple[str, ...]) -> RunRequest:
    if pair.extractor.endswith("_js"):
        return RunRequest((f"{pair.extractor}@{release}",), goldens)
    return RunRequest((pair.extractor,), goldens, local_packages=(str(_wheel(pair.extractor, release)),))


def _wheel(package: str, release: str) -> Path:
    """The wheel of a release from PyPI, which is kept. Raises CannotTell if there is none."""
    folder = cache_folder() / "wheels" / f"{package}-{release}"
    if not any(folder.glob("*.whl")):
        words = ["pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), f"{package}=={release}"]
        done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True)
        if done.returncode:
            raise CannotTell(f"no wheel of {package} {release}: {done.stderr.strip().splitlines()[-1:]}")
    return next(folder.glob("*.whl"))


def _measured(request: RunRequest) -> Run:
    for event in run(request, jobs=os.cpu_count() or 1):
        if isinstance(event, Finished):
            for name, reason in event.run.not_loaded.items():
                raise CannotTell(f"{name} cannot be loaded: {reason}")
            return event.run
    raise CannotTell("the run did not finish")


def _row(pair: Pair, goldens: tuple[str, ...]) -> tuple[str, str]:
    """What the preset for releases says of a pair, and the row of the table."""
    cells = [str(pair.number), f"{pair.extractor} {pair.better} → {pair.worse}", pair.fault or "nothing"]
    try:
        found = verdicts(pair, goldens)
    except HarnessError as error:
        (reason,) = str(error).splitlines()[:1] or [""]
        return "", _line([*cells, "–", "–", reason])
    colours = {name: _COLOURS[verdict.code] for name, verdict in found.items()}
    return colours["release"], _line([*cells, *colours.values(), _worst(found)])


def _worst(found: dict[str, Verdict]) -> str:
    """The worst pages by the first preset that is red, and how many more there are."""
    pages = next((pages for verdict in found.values() if (pages := verdict.worst_pages())), [])
    shown = [f"{page.golden} {page.state} {signed(page.change)}" for page in pages[:_SHOWN]]
    more = [f"{len(pages) - _SHOWN} more"] if len(pages) > _SHOWN else []
    return "; ".join([*shown, *more])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(markdown.escape(cell) for cell in cells)} |"


_SHOWN = 3  # pages in a row
_COLOURS = {OK: "green", WORSE: "red", CANNOT_TELL: "cannot tell"}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
