"""No definition changes its values without a new version."""

from __future__ import annotations

import hashlib
import json

from factories.goldens import lined_golden
from harness.alignment.words import page_words
from harness.evaluation.scoring import scores_of
from harness.goldens.golden import Golden
from harness.metrics import FAMILIES, METRICS, Case
from harness.metrics.definitions import definitions
from harness.pages import words as text

SAMPLE = (
    "Der Flößer’s co-op: 3,5 t — naïve? 「東京タワー」ไปเที่ยว हिन्दी_text e\u0301te\u0301 a\u00adb www.x.org #9 İstanbul "
    "ﬁn ｶﾞ ½"
)
PAGE = [
    "Menu Home",
    "The old ferry",
    "The ferry was late again.",
    "Accept all",
    "Nobody minded, since the winch had frozen.",
    "Menu",
]
LABELS = [
    ("drop", "navigation"),
    ("maybe", "title"),
    ("keep", "body"),
    ("drop", "consent"),
    ("keep", "body"),
    ("drop", "footer"),
]
OUTPUTS = [
    "The old ferry\nThe ferry was late again.\nNobody minded, since the winch had frozen.",
    "Nobody minded, since the winch had frozen.\nThe ferry was late again.\nAccept all",
    "The ferry was late.\nThe ferry was late again.\nNobody cared about the frozen winch. Menu",
    "",
]


def fingerprint(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]


def own_golden() -> Golden:
    return lined_golden((verdict, kind, line) for line, (verdict, kind) in zip(PAGE, LABELS))


# Of each definition its version and a fingerprint of its values; of a benchmark's metrics the sum of their versions. If a
# change of values is meant, raise the version in harness/metrics/definitions.py and write the new fingerprint here.
PINNED = {
    "text": (2, "be83f9155c30"),
    "words": (6, "6643261fe914"),
    "P": (1, "ca4077feb28b"),
    "R": (1, "5ffa90180280"),
    "F": (1, "c50c786465a0"),
    "WER": (1, "bb1ab6e4d3f7"),
    "CER": (1, "c4ce3e8eaa87"),
    "MER": (1, "8278c0743354"),
    "LP": (2, "20c2ec16601e"),
    "LR": (2, "50dd8b80360d"),
    "LF": (2, "2ecf4c857179"),
    "blocks": (3, "87687b2d3c77"),
    "punctuation": (1, "74372a2ab2db"),
    "code": (1, "8d65a65f12e7"),
    "duplicated": (1, "68f5824d2cfe"),
    "moved": (1, "67eccf3e956b"),
    "invented": (1, "68f5824d2cfe"),
    "aeb": (4, "62779d499a45"),
    "wcxb": (7, "579ab495c032"),
    "wceb": (6, "6fd4526064f3"),
    "trafilatura": (4, "d68cd26be5d6"),
    "cleaneval": (24, "33747b75e9b4"),
    "structure": (16, "99d06f3cd5c8"),
    "fabricated": (1, "60f97474b14a"),
    "characters": (1, "f73b693f37e1"),
    "facts": (12, "92786ec667b9"),
}


def test_a_change_of_definitions_raises_their_version():
    golden = own_golden()
    cases = [Case(golden, output, page_words(golden)) for output in OUTPUTS]
    laid = [case.alignment for case in cases]
    counts = [[a.counts.kept, a.counts.missed, a.leaks_by_kind(), a.misses_by_kind(), a.frees_by_kind()] for a in laid]
    groups: dict[str, list[str]] = {}
    for family in FAMILIES.built_in():
        for metric in () if family.requires else family.metrics:
            groups.setdefault(metric.name.partition(".")[0], []).append(metric.name)
    versions = definitions(METRICS)
    found = {"text": (versions["text"], fingerprint(text.words(SAMPLE))), "words": (versions["words"], fingerprint(counts))}
    for group, names in groups.items():
        scores = [scores_of(case, names) for case in cases]
        values = [[None if score[name] is None else round(score[name], 9) for name in names] for score in scores]
        found[group] = (sum(versions[name] for name in names), fingerprint(values))

    assert found == PINNED
