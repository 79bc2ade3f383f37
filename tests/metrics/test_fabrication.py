"""Words that an output has and its page does not: what a model invents is found, what it reorders or reformats is not."""

from __future__ import annotations

import html
import random
from pathlib import Path

import pytest

from factories.goldens import lined_golden, plain_golden
from factories.pages import html_page
from harness.alignment.fabrication import Fabrication
from harness.alignment.words import page_words
from harness.evaluation.scoring import scores_of
from harness.goldens.golden import Golden
from harness.goldens.reader import read_golden
from harness.goldens.sets import dumps_from, find_goldens
from harness.metrics import Case

STORY = "The ferry was late again because the winch had frozen in the night."
GOLDEN = lined_golden([("keep", "body", STORY), ("drop", "navigation", "Home Quay")])
NO_DUMPS = dumps_from([])
CORE = [file.path for file in find_goldens(["core"])]
COINED = "zargle wumbly floxen trindle grobble snarfit quillex mabbert".split()


def fabrication(output: str, markup: str = "") -> Fabrication:
    golden = plain_golden(STORY, page=html_page(markup)) if markup else GOLDEN
    return Case(golden, output, page_words(golden)).fabrication


def test_words_that_the_page_has_nowhere_are_counted_and_quoted_in_their_passage():
    found = fabrication("The ferry was late because seven angry otters of the night bit the winch.\nHome Quay")
    assert (found.fabricated, found.words) == (5, 16)
    assert [(one.words, one.quote) for one in found.passages] == [
        (5, "… ferry was late because [seven angry otters of the night bit] the winch.")
    ]
    assert found.share == 5 / 16


def test_four_words_of_the_page_or_the_end_of_a_line_end_a_passage_and_the_worst_one_comes_first():
    found = fabrication("Otters because the winch had frozen.\nSeven angry whales\nPirates because the winch slept.")
    assert [one.quote for one in found.passages] == [
        "[Seven angry whales]",
        "[Pirates because the winch slept.]",
        "[Otters] because the winch had …",
    ]


@pytest.mark.parametrize(
    "output",
    [
        "Quay Home",  # order
        "in the night. frozen again: The winch; late was",
        STORY.upper(),
        "# The **ferry** was _late_\n\n1. again\n2. because",  # Markdown and numbers of lists
        "| The | ferry |\n|---|---|\n| was | late |",
        "The f&#101;rry&nbsp;was &quot;late&quot;",  # entities
        "Ｔｈｅ fe\u00adrry",  # full-width letters, soft hyphens
        "Theferry was la te",  # words joined and parted
        "HomeQuay",
        STORY + STORY,  # said twice: `duplicated` counts that
        "",
    ],
)
def test_what_an_output_reorders_or_reformats_is_not_fabricated(output):
    assert fabrication(output).fabricated == 0


MARKUP = f"""<title>Quay news</title><meta name="author" content="Ada Marlowe"><meta name="x" content="Harbour">
<script>var state = {{"text": "Divers found the dr\\u00fcm\\nyesterday", "price": "1.299"}}</script>
<script type="application/ld+json">{{"headline": "Winch frozen"}}</script>
<nav hidden>Unseen menu</nav><template>Spare part</template><!-- a remark by Ben -->
<p>{STORY}</p><img alt="Rusty drum" src="/img/drum-17.jpg"><a href="/q?s=late%20ferry%20crew">x</a>
<svg><title>heart</title></svg>"""


@pytest.mark.parametrize(
    "output",
    [
        "Quay news",
        "Unseen menu, spare part",
        "Rusty drum, Winch frozen",
        "Ada Marlowe",
        "Harbour",
        "Divers found the drüm yesterday",
        "a remark by Ben",
        "![](/img/drum-17.jpg)",
        "late ferry crew",
        "heart",
    ],
)
def test_all_that_a_page_has_counts_rendered_or_not(output):
    assert fabrication(output, MARKUP).fabricated == 0


@pytest.mark.parametrize("output", ["Divers laughed", "Ben found", "var otters", "yesterday Rusty Marlowes"])
def test_words_of_scripts_and_comments_count_beside_the_words_that_they_stand_beside_there(output):
    assert fabrication(output, MARKUP).fabricated > 0


def test_scripts_without_spaces_are_compared_by_pairs_of_characters():
    golden = lined_golden([("keep", "body", "渡し船は今朝も遅れました"), ("drop", "navigation", "船着場 朝市")])
    shares = [
        Case(golden, text, page_words(golden)).fabrication.fabricated
        for text in ("朝市\n渡し船は", "渡し船は猫も遅れました", "渡船")
    ]
    assert shares == [0, 1, 2]


def test_a_failure_and_an_answer_without_words_have_no_value():
    for text, failed in (("", True), ("…", False)):
        case = Case(GOLDEN, text, page_words(GOLDEN))
        assert scores_of(case, ["fabricated"], failed=failed) == {"fabricated": None}


@pytest.mark.parametrize("path", CORE, ids=lambda path: Path(path).stem)
def test_a_model_that_invents_3_percent_is_caught_on_every_page_and_one_that_reorders_and_reformats_on_none(path):
    golden = read_golden(path, NO_DUMPS)
    words = page_words(golden)
    chance = random.Random(17)
    lines = [line for line in golden.page.text.splitlines() if line.strip()]

    written = [chance.choice(COINED) if chance.random() < 0.03 else word for line in lines for word in line.split()]
    coined = sum(word in COINED for word in written)
    invented = Case(golden, " ".join(written), words).fabrication
    assert invented.fabricated == coined > 0
    assert all(any(word in passage.quote for word in COINED) for passage in invented.passages)

    chance.shuffle(lines)
    styles = [lambda line: f"## {line}", lambda line: f"- **{line}**", str.upper, str.lower, lambda line: f"12. {line}"]
    reordered = "\n\n".join(html.escape(styles[n % len(styles)](line)) for n, line in enumerate(lines))
    assert Case(golden, reordered, words).fabrication.passages == ()


def test_a_page_without_labels_has_its_words_all_the_same():
    golden = Golden("a/b", html_page(f"<p>{STORY}</p>"), "article", "quay.example")
    found = Case(golden, "The ferry was late because seven otters bit the winch.", page_words(golden)).fabrication
    assert (found.fabricated, found.words) == (3, 10)
