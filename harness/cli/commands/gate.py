"""`harness gate`: whether a run is worse than the baseline, and where."""

from __future__ import annotations

import argparse
import json
import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness.baseline.file import BASELINE, read_baseline
from harness.baseline.model import EMPTY, Baseline, RowKey, baseline_of
from harness.cli.gate_words import with_words
from harness.cli.listen import announcer
from harness.cli.options import baseline_option, measured_extractor_option, request_options, run_argument
from harness.cli.renames import as_option, renames
from harness.cli.streams import write_command
from harness.common.errors import IMPOSSIBLE, OK
from harness.common.places import ACCEPTED_FINDINGS, in_project
from harness.common.wording import command_line, did_you_mean, plural
from harness.evaluation.further import under_policies
from harness.exposure.record import ACCEPTED, MEASURED, read_records
from harness.gate.commands import Commands
from harness.gate.exposure import NO_EXPOSURES, Exposures
from harness.gate.findings import NO_SEARCHES, Searches
from harness.gate.judge import judge, require_named
from harness.gate.rules import Rules
from harness.gate.rules_file import ALONE, read_rules
from harness.gate.unsteady import differing_records, to_try_again, with_repeats, with_unsteady
from harness.gate.verdict import Doubt, NewFinding, Verdict
from harness.report.gate.terminal import opened_pages, print_verdict
from harness.report.kit.terminal import stderr_console, stdout_console
from harness.runs.attempt import last_attempt, why_unmeasured
from harness.runs.file import RUNS
from harness.runs.find import NoRun, read_run
from harness.runs.record import Record, Run
from harness.runs.summary import note_unknown_metrics

_WITH_WORDS = 100  # pages of which reports have words: the worst ones


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    run_argument(parser)
    baseline_option(parser)
    measured_extractor_option(parser, "judge only this extractor of the baseline; may be repeated (default: all)")
    as_option(parser)
    parser.add_argument(
        "--rules",
        metavar="NAME|FILE",
        help=f"a preset ({', '.join(ALONE)}), or TOML or YAML (default: [tool.harness.gate] of pyproject.toml)",
    )
    request_options(parser, ["policy"])
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the verdict for a comment or summary")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the verdict for programs")


def run(arguments: argparse.Namespace) -> int:
    """Judge, write the reports, print the verdict, return its exit code."""
    verdict = _verdict(arguments)
    print_verdict(verdict, stdout_console())
    failed = list(_write_reports(arguments, verdict))
    if _on_github():
        failed += _tell_github(verdict)
    for reason in failed:
        stderr_console().print(reason, style="red", soft_wrap=True)
    return verdict.code or (IMPOSSIBLE if failed else OK)


def _verdict(arguments: argparse.Namespace) -> Verdict:
    """The verdict; one that only says why, if there is no run or no baseline."""
    rules = read_rules(arguments.rules)
    path: Path = arguments.baseline or in_project(BASELINE)
    baseline = read_baseline(path) if path.exists() and rules.uses_baseline else None if rules.uses_baseline else EMPTY
    name = arguments.run_name or ""
    try:
        stored = read_run(name or "latest", texts=bool(arguments.policy))
        as_it_ran = stored
        if arguments.policy:
            (stored,) = under_policies(stored, [arguments.policy]).values()
    except NoRun as error:
        return Verdict(name, str(path), "F", True, (), (), (), (), (Doubt(str(error), "harness run"),))
    if name in ("", "latest") and (attempt := last_attempt(in_project(RUNS))):
        earlier = f"{command_line('gate', stored.id)} judges the run before, of {stored.header.started}"
        doubt = Doubt(why_unmeasured(attempt), f"mend that and run it again; {earlier}")
        return Verdict("", str(path), "F", True, (), (), (), (), (doubt,))
    note_unknown_metrics(stored)
    name = name if name and "latest" not in name else stored.id
    commands = _commands(name, path, arguments, as_it_ran, stored)
    if baseline is None:
        verdict = judge(stored, EMPTY, Rules(), run_name=name, baseline_name=str(path), commands=commands)
        doubt = Doubt(f"there is no baseline {path}", f"once the run is as it should be: {commands.accept()}")
        return replace(verdict, unjudged=(), doubts=(doubt,))
    renamed = renames(arguments.judged_as, {record.extractor for record in stored.records}, baseline.extractors)
    baseline = baseline.renamed({old: new for new, old in renamed.items()})
    commands = replace(commands, renamed=renamed)
    unknown = [
        _unknown(name, stored, baseline, commands)
        for name in arguments.extractor
        if rules.uses_baseline and name not in baseline.extractors
    ]
    measured: list[str] | None = None
    if names := arguments.extractor:
        measured = list(dict.fromkeys(record.extractor for record in stored.records))
        require_named(rules, baseline, baseline_of(stored))
        stored, baseline, rules = stored.only(names), baseline.only(names), rules.only(names)

    def verdict_of(run: Run, searches: Searches) -> Verdict:
        return judge(
            run,
            baseline,
            rules,
            run_name=name,
            baseline_name=str(path),
            searches=searches,
            exposures=exposures,
            measured=measured,
            commands=commands,
        )

    exposures = Exposures(read_records(MEASURED), read_records(ACCEPTED)) if rules.exposure else NO_EXPOSURES
    searches = _searches(stored) if rules.findings else NO_SEARCHES
    verdict = verdict_of(stored, searches)
    before, (searches, notes) = searches, _without_old(searches, verdict, stored, baseline, renamed)
    if searches != before:
        verdict = verdict_of(stored, searches)

    def again(pages: Sequence[RowKey]) -> tuple[Sequence[Record], dict[str, str]]:
        from harness.evaluation.again import NotTried, run_again

        tries = list(run_again(as_it_ran, pages, announce=announcer(stderr_console())))
        records = tuple(one for one in tries if isinstance(one, Record))
        if arguments.policy and records:
            (judged,) = under_policies(replace(as_it_ran, records=records), [arguments.policy]).values()
            records = judged.records
        return records, {one.name: one.reason for one in tries if isinstance(one, NotTried)}

    verdict = _tried_again(verdict, stored, again, lambda run: verdict_of(run, searches))
    verdict = replace(verdict, notes=(*verdict.notes, *notes))
    verdict = replace(verdict, doubts=(*unknown, *(verdict.doubts if baseline.extractors or not unknown else ())))
    if verdict.code == OK and arguments.run_name in (None, "", "latest"):
        judged = {
            record.extractor
            for record in stored.records
            if record.extractor in baseline.extractors or not rules.uses_baseline
        }
        from harness.cli.gate_now import compared_with_now

        verdict = compared_with_now(verdict, as_it_ran, judged)
    worst = verdict.worst_pages(_WITH_WORDS)
    if not (arguments.junit or arguments.markdown or arguments.json or _on_github()):
        opened = {(page.extractor, page.golden) for page in opened_pages(verdict)}
        worst = [page for page in worst if (page.extractor, page.golden) in opened]
    return replace(verdict, pages=with_words(verdict.pages, worst, stored)) if worst else verdict


def _without_old(
    searches: Searches, verdict: Verdict, run: Run, baseline: Baseline, renamed: Mapping[str, str]
) -> tuple[Searches, list[str]]:
    """The searches, with what the baseline's versions do on new findings, and a line on each extractor with old ones."""
    new: dict[str, list[NewFinding]] = {}
    for rule in verdict.broken:
        if isinstance(rule, NewFinding):
            new.setdefault(rule.extractor, []).append(rule)
    old: set[str] = set()
    replayed: dict[str, str] = {}
    notes = []
    for name, findings in new.items():
        version = baseline.extractors[name].version
        if not version or "+" in version or version == run.versions.get(name):
            continue  # no release that could be installed, or the same one
        before = renamed[name] if "@" in renamed.get(name, "") else f"{name.partition('@')[0]}@{version}"
        from harness.evaluation.earlier_findings import replay_on

        kept = [rule.found for rule in findings if rule.kept]
        results = replay_on(before, kept, run.header.request, announcer(stderr_console()))
        own = [result.id for result in results if result.is_old]
        old |= {*own}
        replayed |= {result.id: result.detail for result in results if not result.is_old}
        if own:
            notes.append(
                f"not new, since {before} fails in the same way: {name}'s {plural(len(own), 'finding')} {', '.join(own)}"
            )
    return replace(searches, old=frozenset(old), replayed=replayed), notes


def _tried_again(
    verdict: Verdict,
    run: Run,
    again: Callable[[Sequence[RowKey]], tuple[Sequence[Record], dict[str, str]]],
    judged: Callable[[Run], Verdict],
) -> Verdict:
    """A red verdict after its worse pages ran once more. again: runs pages, and says which extractors it could
    not run, and why. judged: the verdict on a run.

    A page that came out differently has one more repeat, so that it is worse only if both tries are; it is unsteady.
    """
    pages = to_try_again(verdict)
    if not pages:
        return verdict
    messages = stderr_console()
    if messages.is_terminal:
        messages.print(f"{plural(len(pages), 'page')} worse: running once more", style="dim")
    tries, untried = again(pages)
    notes = [f"{name} could not be run once more: {reason}" for name, reason in untried.items()]
    unsteady = differing_records(run, tries)
    if unsteady:
        verdict = with_unsteady(judged(with_repeats(run, unsteady)), run, unsteady)
    return replace(verdict, notes=(*verdict.notes, *notes))


def _commands(name: str, baseline: Path, arguments: argparse.Namespace, as_it_ran: Run, stored: Run) -> Commands:
    """What the verdict names as next steps. as_it_ran: the run before it was scored again under the policy."""
    rescored = bool(arguments.policy) and as_it_ran.header.request.policy != arguments.policy
    return Commands(
        name,
        str(baseline),
        arguments.rules or "",
        policy=arguments.policy if rescored else "",
        measure=shlex.join(stored.header.request.to_words()) if rescored else "",
        extractors=tuple(arguments.extractor),
    )


def _unknown(name: str, stored: Run, baseline: Baseline, commands: Commands) -> Doubt:
    hint = did_you_mean(name, baseline.extractors)
    known = any(record.extractor == name for record in stored.records)
    remedy = replace(commands, extractors=(name,)).accept() if known else f"it has {', '.join(baseline.extractors)}"
    return Doubt(f"the baseline has no extractor {name!r}{hint}", remedy)


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
    return Searches(last, read_accepted(in_project(ACCEPTED_FINDINGS)))


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


def _on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _junit(verdict: Verdict) -> str:
    from harness.report.gate.junit import junit_xml

    return junit_xml(verdict)


def _markdown(verdict: Verdict) -> str:
    from harness.report.gate.markdown import gate_markdown

    return gate_markdown(verdict)


def _json(verdict: Verdict) -> str:
    from harness.report.gate.json_file import gate_object

    return json.dumps(gate_object(verdict), indent=2, ensure_ascii=False) + "\n"


def _tell_github(verdict: Verdict) -> Iterator[str]:
    """Annotations for the log, and the verdict for the summary of the step; yield a message if that could not be written."""
    from harness.report.gate.github import github_annotations
    from harness.report.gate.markdown import gate_markdown

    for line in github_annotations(verdict):
        write_command(line)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(gate_markdown(verdict))
        except OSError as error:
            yield f"{summary} could not be written: {error.strerror}"
