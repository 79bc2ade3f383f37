"""Faults planted in an extractor: the gate finds every one, names its page and its kind, and is silent otherwise."""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from factories.extractors import runnable
from factories.places import CORE, ROOT
from harness.alignment.words import PageWords, page_words
from harness.baseline.file import baseline_json, read_baseline
from harness.baseline.model import EMPTY, OWN, Baseline, baseline_of
from harness.cli.commands import accept as accept_command
from harness.cli.commands import gate as gate_command
from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.engine.answer import Answer
from harness.evaluation.digests import facts_of
from harness.evaluation.scoring import score, unmeasured_record
from harness.gate.judge import judge
from harness.gate.rules import Rules
from harness.gate.verdict import Verdict
from harness.goldens.golden import Golden
from harness.goldens.sets import find_goldens, load_goldens
from harness.runs.find import list_runs
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run

SHARE = 0.02
PAGES = 48  # so that one of them has a fault
FAULTS = ("drop", "keep", "duplicate", "swap", "title", "empty", "raise", "cut", "join", "bare")

# What the gate must say of each fault: the state of the page, and a rule that it breaks.
EXPECTED = {
    "drop": ("worse", "page_drop"),
    "keep": ("worse", "page_leak_growth"),
    "duplicate": ("worse", "page_leak_growth"),
    "swap": ("worse", "page_drop"),
    "title": ("worse", "page_optional_loss"),
    "empty": ("newly failing", "new_failures"),
    "raise": ("newly failing", "new_failures"),
    "cut": ("worse", "page_drop"),
    "join": ("worse", "page_drop"),
    "bare": ("worse", "page_drop"),
}

PLUGIN = """
import hashlib, json, pathlib
from harness import extractor

TOLD = pathlib.Path(__file__).with_name("told.json")


def say(name, raw):
    text = json.loads(TOLD.read_text())[name][hashlib.sha256(raw).hexdigest()]
    if text is None:
        raise ValueError("planted")
    return text
"""


@cache
def bundled() -> dict[str, Golden]:
    return {golden.id: golden for golden in load_goldens(find_goldens([str(CORE)]), {}).goldens}


@cache
def core() -> tuple[Golden, ...]:
    """Bundled pages on which every fault can be planted, the shortest of them."""
    fit = [golden for golden in bundled().values() if len(paragraphs(golden)) > 2 and blocks(golden) and titles(golden)]
    shortest = sorted(fit, key=lambda golden: (sum(len(text) for _, _, text in lines(golden)), golden.id))
    assert len(fit) >= PAGES
    return tuple(sorted(shortest[:PAGES], key=lambda golden: golden.id))


def lines(golden: Golden) -> list[tuple[str, str, str]]:
    """Verdict, kind and text of every segment of a page."""
    return lines_of(golden.id)


@cache
def lines_of(id: str) -> list[tuple[str, str, str]]:
    segments = bundled()[id].segments
    return [(segment.verdict, segment.kind, segment.text) for segment in segments if segment.text.strip()]


def paragraphs(golden: Golden) -> list[int]:
    texts = [text for _, _, text in lines(golden)]
    return [
        i
        for i, (verdict, kind, text) in enumerate(lines(golden))
        if verdict == "keep" and len(text.split()) > 5 and sum(text in other for other in texts) == 1
    ]


def blocks(golden: Golden) -> list[int]:
    return [i for i, (verdict, kind, text) in enumerate(lines(golden)) if verdict == "drop" and len(text.split()) > 2]


def titles(golden: Golden) -> list[int]:
    return [i for i, (verdict, kind, text) in enumerate(lines(golden)) if verdict == "maybe" and kind == "title"]


def sound(golden: Golden) -> list[int]:
    """The segments that the extractor without a fault returns."""
    return [i for i, (verdict, _, _) in enumerate(lines(golden)) if verdict != "drop"]


def faulty(golden: Golden, fault: str, chance: random.Random) -> list[int] | None:
    """The segments that come out with a fault; None where the extractor raises."""
    out = sound(golden)
    if fault == "drop":
        out.remove(chance.choice(paragraphs(golden)))
    elif fault == "keep":
        out = sorted([*out, chance.choice(blocks(golden))])
    elif fault == "duplicate":
        out.append(chance.choice(paragraphs(golden)))
    elif fault == "swap":
        a, b = chance.sample(paragraphs(golden), 2)
        a, b = out.index(a), out.index(b)
        out[a], out[b] = out[b], out[a]
    elif fault == "title":
        out = [i for i in out if i not in titles(golden)]
    elif fault == "empty":
        out = []
    elif fault == "raise":
        return None
    elif fault == "cut":
        out = out[: out.index(paragraphs(golden)[-1])]
    return out


def text_of(golden: Golden, out: Sequence[int] | None, fault: str = "") -> str | None:
    """What comes out: all in one line with the fault `join`, without full stops and commas with `bare`."""
    if out is None:
        return None
    text = (" " if fault == "join" else "\n").join(lines(golden)[i][2] for i in out)
    return re.sub(r"[.,\u060c\u3001\u3002\uff0c]", "", text) if fault == "bare" else text


def planted(goldens: Sequence[Golden], fault: str, seed: int) -> dict[str, str | None]:
    """Outputs by golden, with the fault on 2 % of the pages, on one at least."""
    chance = random.Random(f"{fault} {seed}")
    hit = {golden.id for golden in chance.sample(list(goldens), max(1, round(SHARE * len(goldens))))} if fault else set()
    return {
        golden.id: text_of(golden, faulty(golden, fault, chance), fault)
        if golden.id in hit
        else text_of(golden, sound(golden))
        for golden in goldens
    }


@cache
def scored(id: str, text: str | None) -> Record:
    answer = Answer("error", error="ValueError: planted") if text is None else Answer("ok" if text else "empty", text)
    return score(bundled()[id], words_of(id), runnable("told"), answer, metrics=OWN)


@cache
def words_of(id: str) -> PageWords:
    return page_words(bundled()[id])


def run_of(goldens: Sequence[Golden], outputs: dict[str, str | None]) -> Run:
    header = RunHeader("now", goldens={golden.id: facts_of(golden) for golden in goldens})
    records = tuple(scored(golden.id, outputs[golden.id]) for golden in goldens)
    return Run("now", header, {"told": "1.0"}, records, finished=True)


def judged(run: Run, baseline: Baseline) -> Verdict:
    return judge(run, baseline, Rules(), run_name="now", baseline_name="baseline.json")


def changed(before: dict[str, str | None], after: dict[str, str | None]) -> list[str]:
    return sorted(id for id, text in before.items() if after[id] != text)


def most(words: Mapping[str, float]) -> str:
    """The kind of most words; a few others match by chance."""
    return max(words, key=lambda kind: words[kind])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seeds", [range(2), pytest.param(range(2, 20), marks=pytest.mark.slow)], ids=["some", "all"])
def test_every_planted_fault_is_caught_and_its_pages_are_named(fault, seeds):
    goldens = core()
    before = planted(goldens, "", 0)
    baseline = baseline_of(run_of(goldens, before))
    for seed in seeds:
        after = planted(goldens, fault, seed)
        hit = changed(before, after)
        assert len(hit) == max(1, round(SHARE * len(goldens)))
        verdict = judged(run_of(goldens, after), baseline)
        assert verdict.code == WORSE
        state, rule = EXPECTED[fault]
        pages = [page for page in verdict.pages if page.state != "same"]
        assert sorted(page.golden for page in pages) == hit
        assert {page.state for page in pages} == {state}
        assert sorted(verdict.worst_pages(), key=lambda page: page.golden) == pages
        broken, *of_watched_metrics = (broken for broken in verdict.broken if broken.rule == rule)
        assert sorted(broken.goldens) == hit
        assert all(set(broken.goldens) <= set(hit) for broken in of_watched_metrics)
        if fault == "keep":  # the kinds of the blocks are named
            kinds = {kind for page in pages for kind in page.grown}
            assert kinds and all(kind in broken.found for kind in kinds)
        elif fault == "duplicate":
            assert all(set(page.grown) == {"duplicated"} for page in pages)
        elif fault == "swap":
            assert all(most(page.grown) in ("moved", "duplicated") for page in pages)
        elif fault == "title":
            assert all(page.lost["title"] == max(page.lost.values()) for page in pages)
            assert "title" in broken.message


def test_a_hundred_gates_without_a_fault_give_no_alarm():
    goldens = core()
    for seed in range(100):
        some = random.Random(seed).sample(goldens, 2) if seed else goldens
        before = run_of(some, planted(some, "", 0))
        scored.cache_clear()  # all of it is measured anew
        verdict = judged(run_of(some, planted(some, "", seed)), baseline_of(before))
        assert (verdict.code, verdict.broken, verdict.doubts) == (OK, (), ())
        assert {page.state for page in verdict.pages} == {"same"}


def without_extractor(run: Run) -> Run:
    records = tuple(replace(record, extractor="told2") for record in run.records)
    return replace(run, records=records, versions={"told2": "1.0"})


def with_changed_golden(run: Run, **facts: str) -> Run:
    goldens = run.header.goldens
    first = next(iter(goldens))
    return replace(run, header=replace(run.header, goldens={**goldens, first: replace(goldens[first], **facts)}))


def with_first(run: Run, outcome: str) -> Run:
    """The run, where nothing is known of the first page for a reason that is not the extractor's."""
    first, *others = run.records
    nothing = unmeasured_record(bundled()[first.golden], runnable("told"), Answer(outcome, error="too long"), OWN)
    return replace(run, records=(nothing, *others))


def without_f(run: Run) -> Run:
    return replace(run, records=tuple(replace(record, scores={**record.scores, "F": None}) for record in run.records))


def with_other_goldens(run: Run) -> Run:
    return replace(run, records=tuple(replace(record, golden=f"other/{record.golden}") for record in run.records))


def not_loaded(run: Run) -> Run:
    return replace(run, records=(), versions={}, not_loaded={"told": "ImportError: planted"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_extractor, "the extractor told of the baseline is not in the run; did you mean 'told2'?"),
        (lambda run: replace(run, records=run.records[1:]), "1 golden of the baseline not in the run"),
        (lambda run: replace(run, records=()), "holds no result"),
        (lambda run: replace(run, records=run.records[:20], finished=False), "was not finished"),
        (lambda run: with_changed_golden(run, labels="other"), "its labels changed"),
        (lambda run: with_changed_golden(run, page="other"), "its page changed"),
        (not_loaded, "told could not be loaded: ImportError: planted"),
        (without_f, "F has no value in the run"),
        (with_other_goldens, "48 goldens of the baseline not in the run"),
        (lambda run: replace(run, header=replace(run.header, definitions={"words": 99})), "words"),
    ],
    ids=[
        "renamed extractor",
        "missing golden",
        "empty run",
        "cut run",
        "changed labels",
        "changed page",
        "not loaded",
        "other metric",
        "other goldens",
        "other definition",
    ],
)
def test_what_was_not_measured_is_never_green(change: Callable[[Run], Run], said: str):
    goldens = core()
    run = run_of(goldens, planted(goldens, "", 0))
    verdict = judged(change(run), baseline_of(run))
    assert verdict.code == CANNOT_TELL
    assert any(said in doubt.message for doubt in verdict.doubts)
    assert all(doubt.remedy for doubt in verdict.doubts)


@pytest.mark.parametrize("outcome", ["unreadable", "unscored"])
def test_a_page_that_could_not_be_read_or_scored_is_never_green(outcome):
    goldens = core()
    run = run_of(goldens, planted(goldens, "", 0))
    verdict = judged(with_first(run, outcome), baseline_of(run))
    assert verdict.code == WORSE
    assert [page.golden for page in verdict.pages if page.state != "same"] == [run.records[0].golden]


def test_an_empty_baseline_is_never_green():
    goldens = core()[:3]
    assert judged(run_of(goldens, planted(goldens, "", 0)), EMPTY).code == CANNOT_TELL


def arguments(**given: object) -> argparse.Namespace:
    defaults = dict.fromkeys(("run_name", "baseline", "rules", "policy", "junit", "markdown", "json"))
    return argparse.Namespace(
        **{
            **defaults,
            "prune": False,
            "failing": [],
            "extractor": [],
            "judged_as": [],
            "page": [],
            "only": None,
            "why": "",
            **given,
        }
    )


def gate(capsys, **given: object) -> tuple[int, str]:
    capsys.readouterr()
    code = gate_command.run(arguments(**given))
    return code, capsys.readouterr().out


@pytest.mark.slow
def test_faults_are_caught_from_the_command_line(tmp_path, monkeypatch, capsys):
    """One extractor for each fault, really run, twice; then the runs from which nothing can be told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    goldens = core()[:8]
    (tmp_path / "core").mkdir()
    for golden in goldens:
        for path in (ROOT / "goldens" / "core").glob(f"{golden.id.partition('/')[2]}.*"):
            (tmp_path / "core" / path.name).write_bytes(path.read_bytes())
    functions = "".join(f"\n\n@extractor\ndef {name}_(page):\n    return say('{name}', page.raw)\n" for name in FAULTS)
    (tmp_path / "told.py").write_text(PLUGIN + functions)
    page = {golden.id: sha256(golden.page.raw).hexdigest() for golden in goldens}

    def run(seed: int | None, *options: str, extractors: Sequence[str] = FAULTS) -> dict[str, list[str]]:
        """Run all; the pages on which each fault was planted."""
        sane = planted(goldens, "", 0)
        outputs = {fault: sane if seed is None else planted(goldens, fault, seed) for fault in FAULTS}
        told = {fault: {page[id]: text for id, text in texts.items()} for fault, texts in outputs.items()}
        (tmp_path / "told.json").write_text(json.dumps(told))
        names = [word for name in extractors for word in ("-e", f"{name}_")]
        assert main(["run", "--plugins", "told.py", "--fresh", *names, "-g", "core", *options]) == OK
        return {fault: changed(sane, texts) for fault, texts in outputs.items()}

    assert gate(capsys)[0] == CANNOT_TELL  # no run
    run(None)
    assert gate(capsys)[0] == CANNOT_TELL  # no baseline
    assert accept_command.run(arguments()) == OK
    code, said = gate(capsys)
    assert code == OK, said
    assert f"nothing is worse than reports/baseline.json allows: {len(FAULTS)} extractors, 8 pages" in said

    hit = run(7)
    code, said = gate(capsys)
    assert code == WORSE
    parts = {part.split("\n")[0].strip(): part for part in said.split("\n\n")}
    id = list_runs()[-1].stem
    for fault in FAULTS:
        state, rule = EXPECTED[fault]
        (golden,) = hit[fault]
        assert f"{state} 1" in parts[f"{fault}_"] and f"{rule}:" in parts[f"{fault}_"], said
        assert f"harness show {id} --page {golden} -e {fault}_" in said
    assert "ValueError: planted" in said
    assert f"harness accept {id}" in said
    kept = {golden.id: [text for verdict, _, text in lines(golden) if verdict == "drop"] for golden in goldens}
    (golden,) = hit["keep"]
    assert any(" ".join(text.split())[:40] in said for text in kept[golden])  # the words that leaked

    (tmp_path / "core" / f"{goldens[-1].id.partition('/')[2]}.yaml").unlink()
    run(None)
    assert gate(capsys)[0] == CANNOT_TELL
    run(None, "--kind", "article", extractors=["drop"])
    assert gate(capsys)[0] == CANNOT_TELL
    whole = list_runs()[0]
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert gate(capsys, run_name=str(cut))[0] == CANNOT_TELL
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"".join(whole.read_bytes().splitlines(keepends=True)[:1]) + b'{"type":"footer"}\n')
    assert gate(capsys, run_name=str(empty))[0] == CANNOT_TELL
    assert read_baseline(tmp_path / "reports" / "baseline.json") == read_baseline_again(tmp_path)


def read_baseline_again(folder: Path) -> Baseline:
    path = folder / "reports" / "baseline.json"
    assert baseline_json(read_baseline(path)) == path.read_text()
    return read_baseline(path)
