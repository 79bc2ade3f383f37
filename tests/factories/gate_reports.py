"""Verdicts with every state of a page, and words that would do harm in every format."""

from dataclasses import replace

from hypothesis import strategies as st

from harness.baseline.model import BaselineRow
from harness.gate.commands import Commands
from harness.gate.verdict import (
    STATES,
    BrokenRule,
    Doubt,
    Excerpt,
    Excerpts,
    ExtractorChange,
    FloorResult,
    JudgedPage,
    TrackMean,
    Verdict,
)
from harness.stats import Estimate, Interval

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[click](javascript:alert(1)) ![](https://tracker.example/x.png)",
    "```\n</details>\n# heading\n- item\n| a | b |\n|---|---|\n> quote\n1. one\n***\n",
    "`` ` ``` a`b",
    "https://evil.example www.evil.example me@evil.example @somebody #12 <https://evil.example>",
    "::error title=x::forged\n::add-mask::a%0A::stop-commands::t\r::set-output",
    "\x00\x07\x1b[31mred \u202egnihtemos \ud800 \ufffe \uffff \x85",
    "]]> <![CDATA[ --> &lt; &amp; &#0; \"'",
    "a\\|b \\` \\",
    "123. one",
    "- one",
    "+ 1) one",
    "===",
    "word" * 300_000,
    "",
]
NASTY = st.one_of(st.sampled_from(HOSTILE[:-2]), st.text(max_size=40), st.text("`|<>[]()*_#@\\&:/. \n-+=~$!w1", max_size=30))


def baseline_row(outcome="ok", f=0.9, missed=0, leaked=0, misses=None, leaks=None, **names):
    return BaselineRow(
        extractor=names.get("extractor", "mine"),
        golden=names.get("golden", "core/page"),
        outcome=outcome,
        scores={"F": f},
        counts={"kept": 100, "missed": missed, "leaked": leaked, "free": 0},
        leaks=leaks or {},
        misses=misses or {},
        frees={},
    )


def judged_cell(state="same", golden="core/page", extractor="mine", **fields):
    sides = {"before": None if state == "new" else baseline_row(), "after": None if state == "missing" else baseline_row()}
    place = {"set": "core", "kind": "article", "lang": "en", "media": "text/html", "site": "quay.example"}
    return JudgedPage(extractor=extractor, golden=golden, state=state, **{**place, **sides, **fields})


def fallen(golden="core/fallen", extractor="mine", words="the tide came early", **fields):
    found = Excerpts(
        missed=(Excerpt("body", words),),
        leaked=(Excerpt("related", words), Excerpt("promo", words)),
        lost=(Excerpt("title", words),),
    )
    after = baseline_row(f=0.75, missed=12, leaked=30, misses={"body": 12}, leaks={"related": 30})
    rules = {"rules": ("page_drop", "page_leak_growth"), "change": -0.15, "grown": {"related": 30.0}, "lost": {"title": 4.0}}
    return judged_cell("worse", golden, extractor, **{"after": after, "words": found, **rules, **fields})


def crashed(golden="core/crashed", extractor="mine", error="ValueError: the ladder is too short"):
    return judged_cell(
        "newly failing",
        golden,
        extractor,
        after=baseline_row("error", 0.0, 100, misses={"body": 100}),
        rules=("new_failures",),
        change=-0.9,
        error=error,
    )


def change_of(name, cells):
    states = {state: sum(item.state == state for item in cells) for state in STATES}
    difference = Estimate(-0.05, Interval(-0.1, -0.01, 0.95, "percentile"), 0.02, 30)
    means = (TrackMean("text/html", len(cells), 0.9, 0.85, difference),)
    return ExtractorChange(name, "1.0", "1.1", len(cells), means, states, (0, 1), {}, {"related": 30})


def verdict_of(cells=(), broken=(), doubts=(), unjudged=()):
    names = dict.fromkeys(item.extractor for item in cells if item.extractor not in unjudged)
    changes = tuple(change_of(name, [item for item in cells if item.extractor == name]) for name in names)
    names_of = ("20240101-120000", "reports/baseline.json")
    commands = Commands(*names_of)
    return Verdict(*names_of, "F", True, changes, unjudged, tuple(cells), broken, doubts, commands=commands)


def broken_rule(name="page_drop", extractor="mine", message="F got worse on 1 page", goldens=("core/fallen",), pages=""):
    return BrokenRule(extractor, name, pages, "0.15", "0", message, goldens)


WORSE = verdict_of(
    [
        judged_cell(),
        fallen(),
        crashed(),
        judged_cell("new", "core/new"),
        judged_cell("not comparable", "core/changed", why="its labels changed"),
    ],
    (
        broken_rule(),
        broken_rule("new_failures", goldens=("core/crashed",)),
        broken_rule("mean_drop", goldens=(), message="F fell by 0.05"),
    ),
)
GONE = verdict_of(
    [judged_cell(), judged_cell("missing", "core/gone")], doubts=(Doubt("1 page is missing", "harness run", ("core/gone",)),)
)
NO_RUN = verdict_of(doubts=(Doubt("no run in reports/runs; make one with `harness run`", "harness run"),))
FINE = verdict_of([judged_cell(), judged_cell("better", "core/better")])


def hostile(text):
    """A verdict with a text wherever untrusted text can stand."""
    verdict = verdict_of(
        [
            fallen(f"core/{text}", text, text, why=text, failed_facts={f"present {text}": text}, characters_growth=9.0),
            fallen(f"core/known {text}", text, text, known=text, rules=()),
            crashed(f"core/crash {text}", text, text),
            judged_cell("not comparable", f"set/{text}", text, why=text),
            judged_cell("new", text, f"other {text}"),
        ],
        (broken_rule(extractor=text, message=f"F fell ({text})", goldens=(text,), pages=f"set {text}"),),
        (Doubt(f"gone: {text}", f"harness run -g {text}", (text,)),),
        (f"other {text}",),
    )
    floors = (FloorResult(text, "F", f"set {text}", 0.5, 0.6, 3, text),)
    return replace(
        verdict, notes=(f"not tried: {text}",), floors=floors, commands=Commands(text, renamed={text: f"old {text}"})
    )
