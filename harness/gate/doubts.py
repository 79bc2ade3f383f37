"""Why the gate cannot answer, or not in full: nothing measured is never green."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from harness.baseline.accept import metrics_to_ask_for, set_of, sets_of, why_incomplete
from harness.baseline.file import BASELINE
from harness.baseline.model import Baseline, BaselineExtractor
from harness.common.moved import moved_file
from harness.common.project import project_root
from harness.common.wording import command_line, did_you_mean, plural
from harness.datasets.choice import Choice
from harness.gate.commands import Commands
from harness.gate.rules import Rules
from harness.gate.verdict import Doubt, JudgedPage
from harness.plugins.names import moved_extractor
from harness.runs.record import Run
from harness.runs.request import RunRequest
from harness.runs.summary import retries


def doubts_of(
    run: Run,
    before: Baseline,
    after: Baseline,
    judged: Sequence[JudgedPage],
    metric: str,
    rules: Rules,
    commands: Commands,
    measured: Sequence[str] | None = None,
) -> Iterator[Doubt]:
    """What could not be judged, the most basic reason first.

    measured: the extractors of the whole run, where `run` and `before` are only parts.
    """
    if not run.finished:
        yield Doubt(f"run {run.id} was not finished", command_line("run", "--resume", run.id))
    absent = [name for name in before.extractors if name not in after.extractors and name not in run.not_loaded]
    for name, reason in run.not_loaded.items():
        if before.rows and name not in before.extractors and not absent:  # a plugin file may have some of those
            continue
        again = shlex.join(_request(run, before, after, absent=True).to_words())
        yield Doubt(f"{name} could not be loaded: {reason}", f"{again}, once it can be")
    if not (after.rows or measured):
        yield Doubt(f"run {run.id} holds no result", shlex.join(run.header.request.to_words()))
        return
    if not rules.uses_baseline:
        return
    if not before.rows:
        yield Doubt("the baseline is empty", commands.accept())
        return
    # Pruning deletes what a run does not have of all extractors, so that it is no advice where only some are judged.
    may_prune = measured is None and not run.not_loaded and not why_incomplete(run, after)
    prune = commands.prune() if may_prune else ""
    request = _request(run, before, after, bool(absent))
    if absent:
        yield _missing_extractors(absent, request, before, after, measured or list(after.extractors), prune, commands)
    if not after.rows:
        return
    yield from _missing_goldens(run, request, before, after, prune)
    for name, reason in retries(run.records).items():
        if name in before.extractors and after.extractors[name].retried > before.extractors[name].retried:
            yield Doubt(
                f"{name} was asked once more, in a new process, for {reason}",
                f"mend it, or {commands.accept()} if it may do so",
                tuple(sorted({record.golden for record in run.records if record.extractor == name and record.left_damage})),
            )
    for name in before.extractors:
        pages = [
            page.golden
            for page in judged
            if page.extractor == name
            and page.state == "missing"
            and name in after.extractors
            and page.golden in after.goldens
        ]
        if pages:
            yield Doubt(
                f"{name} was not run on {plural(len(pages), 'page')} of the baseline",
                shlex.join(request.to_words()),
                tuple(pages),
            )
    scored = shlex.join(run.header.request.with_metrics(metrics_to_ask_for(before)).to_words())
    reasons: dict[str, dict[str, None]] = {}
    for page in judged:
        if page.state == "not comparable":
            reasons.setdefault(page.why, {})[page.golden] = None
    for why, goldens in reasons.items():
        unscored = why == f"the run was not scored by {metric}"
        remedy = scored if unscored else f"look at what changed, then {commands.accept()}"
        if policies := {(before.goldens[golden].policy, after.goldens[golden].policy) for golden in goldens}:
            remedy = _under_one_policy(*min(policies), run, commands) or remedy
        yield Doubt(f"{plural(len(goldens), 'page')} cannot be compared: {why}", remedy, tuple(goldens))
    for name in before.extractors:
        compared = [page for page in judged if page.extractor == name and page.before and page.after and not page.why]
        if compared and all(page.known for page in compared):
            yield Doubt(
                f"all pages of {name} are known failures, so that nothing of it was judged",
                "take entries out of `known_failure` in the rules",
            )
    if not reasons:
        yield from _unwatched(run, before, after, rules, commands, scored)
    valued = [page for page in judged if page.extractor in before.extractors and page.before and page.after and not page.why]
    if not reasons and any(page.before and page.after for page in judged) and not valued:
        yield Doubt(f"no page has a value of {metric}", "set `metric` in the rules to one that the goldens have values of")


def _unwatched(
    run: Run, before: Baseline, after: Baseline, rules: Rules, commands: Commands, scored: str
) -> Iterator[Doubt]:
    """The metrics that rules watch and that a side has no values of. scored: the command for all of the baseline's."""
    here = {name: (_has(before, name), _has(after, name)) for name in rules.watch}
    unkept = [name for name, sides in here.items() if sides == (False, True)]
    if unkept:
        yield Doubt(f"the baseline has no value of {', '.join(unkept)}", commands.accept())
    uncomputed = [name for name, sides in here.items() if sides == (True, False)]
    if _counts_words(before) and not _counts_words(after):
        uncomputed.append("numbers of words")
    if uncomputed:
        yield Doubt(f"the run did not compute {', '.join(uncomputed)}, which the rules judge", scored)
    asked_for = [name for name, sides in here.items() if sides == (False, False) and name not in Rules().watch]
    if asked_for:
        both = run.header.request.with_metrics([*metrics_to_ask_for(before), *asked_for])
        message = f"neither the baseline nor the run has a value of {', '.join(asked_for)}, which the rules watch"
        yield Doubt(message, f"{shlex.join(both.to_words())} && {replace(commands, run='').accept()}")
    failed: dict[str, dict[str, None]] = {}
    for record in run.records:
        for name in record.unscored:
            if here.get(name) == (True, True):
                failed.setdefault(name, {})[record.golden] = None
    for name, goldens in failed.items():
        yield Doubt(f"{name}, which the rules watch, failed on {plural(len(goldens), 'page')}", scored, tuple(goldens))


def _has(side: Baseline, metric: str) -> bool:
    return any(metric in row.scores for row in side.rows.values())


def _counts_words(side: Baseline) -> bool:
    return any(row.counts for row in side.rows.values())


def _request(run: Run, before: Baseline, after: Baseline, absent: bool) -> RunRequest:
    """What to run to measure all goldens and extractors of the baseline: the run's own request where that names them.

    absent: whether the run should have had further extractors of the baseline.
    """
    request = run.header.request
    if absent and before.extractors:
        known = request.extractor_names
        request = request.with_extractors(
            [name if name in known else _word(name, about) for name, about in before.extractors.items()]
        )
    gone = [
        golden_id for golden_id in before.goldens if golden_id not in after.goldens and golden_id not in run.header.skipped
    ]
    if not (after.goldens and gone):
        return request
    measured = sets_of(after)
    elsewhere = [name for name in sets_of(before) if name not in measured]
    shared = any(name in measured for name in sets_of(before))
    given = request.goldens if shared else ()
    whole = (_whole_set(name, after) for name in given)
    if not elsewhere or (not given and request.choice != Choice() and shared):
        goldens = tuple(dict.fromkeys(whole))  # what selected pages of a set may have left out the others
    else:
        goldens = tuple(dict.fromkeys((*elsewhere, *whole) if given else sets_of(before)))
    return replace(request, goldens=goldens, choice=Choice())


def _word(name: str, about: BaselineExtractor) -> str:
    """What `-e` takes here for an extractor of the baseline."""
    return moved_extractor(about.word or name, project_root(), Path())


def _whole_set(name: str, after: Baseline) -> str:
    """The set or folder of a single golden; any other name as it is."""
    if name.endswith((".yaml", ".yml")):
        return str(Path(name).parent)
    return name.rpartition("/")[0] if name in after.goldens else name


def _missing_extractors(
    absent: Sequence[str],
    request: RunRequest,
    before: Baseline,
    after: Baseline,
    measured: Sequence[str],
    prune: str,
    commands: Commands,
) -> Doubt:
    unjudged = [name for name in after.extractors if name not in before.extractors]
    hints = "".join(did_you_mean(name, unjudged) for name in absent)
    others = [name for name in measured if name not in before.extractors]
    hint = hints or (f"; the run has {', '.join(others)}" if others else "")
    releases = {name: found for name in absent if (found := _other_release(name, unjudged))}
    if len(releases) == len(absent):
        others_of = ", ".join(f"{old} of the baseline is {new} in the run" for old, new in releases.items())
        pairs = [word for old, new in releases.items() for word in ("--as", f"{new}={old}")]
        return Doubt(others_of, commands.gate(*pairs))
    one = len(absent) == 1
    who = f"the extractor {absent[0]}" if one else plural(len(absent), "extractor")
    names = "" if one else f": {', '.join(absent)}"
    remedies = [shlex.join(request.to_words())]
    if one and len(others) == 1 and not commands.extractors:
        remedies.append(f"if it is called {others[0]} now, {commands.gate('--as', f'{others[0]}={absent[0]}')}")
        remedies += [f"if it is gone, {prune}"] if prune else []
    elif prune:
        remedies.append(f"{'if it is gone or has another name' if one else 'if they are gone or have other names'}, {prune}")
    return Doubt(f"{who} of the baseline {'is' if one else 'are'} not in the run{names}{hint}", "; ".join(remedies))


def _under_one_policy(before: str, after: str, run: Run, commands: Commands) -> str:
    """What to do if the baseline was measured under one policy, and the run under another; empty if it was not.

    A baseline under a policy has a file of its own, since the usual one is for the labels as they are.
    """
    if before == after:
        return ""
    before, after = (moved_file(policy, project_root(), Path()) for policy in (before, after))
    if not after:
        return replace(commands, policy=before).gate()
    usual = Path(commands.baseline or BASELINE)
    own = usual.with_name(f"{usual.stem}.{Path(after).stem}{usual.suffix}")
    commands = replace(commands, measure=shlex.join(run.header.request.to_words()), baseline=str(own))
    return f"{commands.accept()}: a baseline under the policy, for `harness gate --policy {shlex.quote(after)}`"


def _other_release(name: str, unjudged: Sequence[str]) -> str:
    """The one extractor of the run that is the same in another release; empty if there is none, or more than one."""
    found = [other for other in unjudged if other.partition("@")[0] == name.partition("@")[0] and other != name]
    return found[0] if len(found) == 1 else ""


def _missing_goldens(run: Run, request: RunRequest, before: Baseline, after: Baseline, prune: str) -> Iterator[Doubt]:
    gone = [golden_id for golden_id in before.goldens if golden_id not in after.goldens]
    skipped = [golden_id for golden_id in gone if golden_id in run.header.skipped]
    if skipped:
        message = f"{plural(len(skipped), 'page')} of the baseline could not be found"
        # DIR is for the user to fill in, so it is not quoted as a name is.
        yield Doubt(message, f"{shlex.join(request.to_words())} --dumps DIR, with the folder that has them", tuple(skipped))
    others = [golden_id for golden_id in gone if golden_id not in skipped]
    if others:
        broken = run.header.broken
        steps = [shlex.join(request.to_words())]
        if prune and any(set_of(golden_id) in sets_of(after) for golden_id in others):
            # A command that was run already finds nothing more.
            steps = [*(steps if request != run.header.request else ()), f"if they are gone, {prune}"]
        why = ", which left out broken goldens" if broken else ""
        message = f"{plural(len(others), 'golden')} of the baseline not in the run{why}"
        yield Doubt(message, "harness check" if broken else "; ".join(steps), tuple(others))
