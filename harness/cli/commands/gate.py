"""`harness gate`: whether a run is worse than the baseline, and where."""

from __future__ import annotations

import argparse
import json
import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from harness.alignment.align import align
from harness.alignment.words import PageWords, page_words
from harness.baseline.file import BASELINE, read_baseline
from harness.baseline.model import EMPTY, Baseline
from harness.cli.options import baseline_option, extractor_option, run_argument
from harness.cli.streams import write_command
from harness.common.errors import IMPOSSIBLE, OK
from harness.common.extensions import note
from harness.common.places import ACCEPTED_FINDINGS
from harness.common.wording import did_you_mean
from harness.datasets import DatasetError
from harness.datasets.choice import find_entries, load_each
from harness.engine.answer import FAILURES
from harness.evaluation.goldens import facts_of
from harness.gate.excerpts import excerpts_of
from harness.gate.findings import NO_SEARCHES, Searches
from harness.gate.judge import judge
from harness.gate.rules import read_rules
from harness.gate.verdict import Doubt, JudgedPage, Verdict
from harness.goldens.reader import Mistake
from harness.goldens.sets import UnknownGoldens, dumps_from
from harness.report.gate.terminal import print_verdict
from harness.report.kit.terminal import stderr_console, stdout_console
from harness.runs.comparable import why_not_golden
from harness.runs.file import NoRun, find_run, read_run_file
from harness.runs.record import Run
from harness.runs.summary import note_unknown_metrics

_WITH_WORDS = 100  # pages of which reports have words: the worst ones


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    run_argument(parser)
    baseline_option(parser)
    extractor_option(parser, "judge only this extractor of the baseline; may be repeated (default: all)")
    parser.add_argument(
        "--rules", type=Path, metavar="FILE", help="TOML or YAML (default: [tool.harness.gate] of pyproject.toml)"
    )
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the verdict for a comment or summary")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the verdict for programs")


def run(arguments: argparse.Namespace) -> int:
    """Judge, write the reports, print the verdict, return its exit code."""
    verdict = _verdict(arguments)
    print_verdict(verdict, stdout_console())
    failed = list(_write_reports(arguments, verdict))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        _tell_github(verdict)
    for reason in failed:
        stderr_console().print(reason, style="red", soft_wrap=True)
    return verdict.code or (IMPOSSIBLE if failed else OK)


def _verdict(arguments: argparse.Namespace) -> Verdict:
    """The verdict; one that only says why, if there is no run or no baseline."""
    rules = read_rules(arguments.rules)
    path: Path = arguments.baseline or BASELINE
    baseline: Baseline | None = None
    if path.exists():
        baseline = read_baseline(path)
    name = arguments.run_name or ""
    try:
        file = find_run(name or "latest")
        stored = read_run_file(file, texts=False)
    except NoRun as error:
        return Verdict(name, str(path), "F", True, (), (), (), (), (Doubt(str(error), "harness run"),))
    note_unknown_metrics(stored)
    name = name if name and "latest" not in name else stored.id
    if baseline is None:
        verdict = judge(stored, EMPTY, replace(rules, sets={}), run_name=name, baseline_name=str(path))
        doubt = Doubt(f"there is no baseline {path}", "harness accept, once the run is as it should be")
        return replace(verdict, unjudged=(), doubts=(doubt,))
    unknown = [_unknown(name, stored, baseline) for name in arguments.extractor if name not in baseline.extractors]
    measured: list[str] | None = None
    if names := arguments.extractor:
        measured = list(dict.fromkeys(record.extractor for record in stored.records))
        sets = _sets(stored, baseline)
        stored, baseline = stored.only(names), baseline.only(names)
        elsewhere = sets - _sets(stored, baseline)
        rules = replace(rules, sets={name: limits for name, limits in rules.sets.items() if name not in elsewhere})
    searches = _searches(stored) if rules.findings else NO_SEARCHES
    verdict = judge(stored, baseline, rules, run_name=name, baseline_name=str(path), searches=searches, measured=measured)
    verdict = replace(verdict, doubts=(*unknown, *(verdict.doubts if baseline.extractors or not unknown else ())))
    cells = verdict.worst_pages(_WITH_WORDS)
    return replace(verdict, pages=_with_words(verdict.pages, cells, file, stored)) if cells else verdict


def _unknown(name: str, stored: Run, baseline: Baseline) -> Doubt:
    hint = did_you_mean(name, baseline.extractors)
    known = any(record.extractor == name for record in stored.records)
    remedy = f"harness accept {shlex.quote(stored.id)}" if known else f"it has {', '.join(baseline.extractors)}"
    return Doubt(f"the baseline has no extractor {name!r}{hint}", remedy)


def _sets(stored: Run, baseline: Baseline) -> set[str]:
    return {golden.rpartition("/")[0] for golden in (*(record.golden for record in stored.records), *baseline.goldens)}


def _searches(stored: Run) -> Searches:
    """The last search of each extractor of the run, and which findings are accepted."""
    from harness.fuzz.findings import searches
    from harness.fuzz.findings.finding import FindingError, read_accepted

    last: dict[str, searches.SearchRecord | str] = {}
    for name in {record.extractor: None for record in stored.records}:
        try:
            search = searches.read_search(name)
        except FindingError as error:
            last[name] = str(error)
        else:
            last |= {name: search} if search else {}
    return Searches(last, read_accepted(ACCEPTED_FINDINGS))


def _with_words(cells: tuple[JudgedPage, ...], wanted: list[JudgedPage], file: Path, stored: Run) -> tuple[JudgedPage, ...]:
    """The cells, those that are wanted with their words, as far as their goldens are still what they were in the run."""
    explained = {
        (cell.extractor, cell.golden) for cell in wanted if cell.after is not None and cell.after.outcome not in FAILURES
    }
    words = _page_words({golden for _, golden in explained}, stored)
    texts = {
        (record.extractor, record.golden): record.text
        for record in read_run_file(file).records
        if record.repeat == 0 and record.golden in words and (record.extractor, record.golden) in explained
    }

    def explain(cell: JudgedPage) -> JudgedPage:
        text = texts.get((cell.extractor, cell.golden))
        return cell if text is None else replace(cell, words=excerpts_of(cell, align(words[cell.golden], text)))

    return tuple(map(explain, cells))


def _page_words(goldens: set[str], stored: Run) -> Mapping[str, PageWords]:
    """The words of goldens, of those that are here and have the page and the labels that the run was over."""
    header = stored.header
    try:
        found = find_entries(header.request.goldens, dumps_from(header.request.dumps))
    except (UnknownGoldens, DatasetError, OSError) as error:
        # They were there when the run was made; the verdict holds without words.
        note(f"the goldens of run {stored.id} cannot be read, so that no words of pages are shown: {error}")
        return {}
    wanted = [entry for entry in found.entries if entry.id in goldens]
    broken: list[Mistake] = []
    words = {
        golden.id: page_words(golden)
        for golden in load_each(wanted, broken.append)
        if golden.has_main_content and not why_not_golden(header.golden(golden.id), facts_of(golden))
    }
    note(*(f"its words are not shown: {mistake}" for mistake in broken))
    return words


def _write_reports(arguments: argparse.Namespace, verdict: Verdict) -> Iterator[str]:
    """Write the reports that are asked for; yield a message for each that could not be written, and write the others."""
    for path, text_of in ((arguments.junit, _junit), (arguments.markdown, _markdown), (arguments.json, _json)):
        if path:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                # Half characters can come from file names.
                path.write_text(text_of(verdict), encoding="utf-8", errors="backslashreplace")
            except OSError as error:
                yield f"{path} could not be written: {error.strerror}"


def _junit(verdict: Verdict) -> str:
    from harness.report.gate.junit import junit_xml

    return junit_xml(verdict)


def _markdown(verdict: Verdict) -> str:
    from harness.report.gate.markdown import gate_markdown

    return gate_markdown(verdict)


def _json(verdict: Verdict) -> str:
    from harness.report.gate.json_file import gate_object

    return json.dumps(gate_object(verdict), indent=2, ensure_ascii=False) + "\n"


def _tell_github(verdict: Verdict) -> None:
    """Annotations for the log, and the verdict for the summary of the step."""
    from harness.report.gate.github import github_annotations
    from harness.report.gate.markdown import gate_markdown

    for line in github_annotations(verdict):
        write_command(line)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(gate_markdown(verdict))
