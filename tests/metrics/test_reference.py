"""Words of pages and metrics of words, which are read by arrays, are those that a word by word reading finds."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from factories import reference
from factories.goldens import labelled_golden, plain_golden
from factories.pages import html_page
from factories.places import DATASETS, needs_datasets
from harness.alignment.words import page_words
from harness.datasets.entries import find_entries
from harness.evaluation.scoring import scores_of
from harness.goldens.golden import Golden
from harness.goldens.labels import Label
from harness.goldens.sets import dumps_from
from harness.metrics import OWN_METRICS, Case

HTML = """<img alt="Der Kai

im Ne­bel" title="Foto: Ole"><title>Quay</title>
<h1>Hafen­meldung №5</h1><p>Der Winch<sup>1</sup> fror, sagte „Ole“ — um 5&nbsp;Uhr;
<b>cafe</b>&#x301; zu.</p><ul><li>Erstens: Öl.<li>½ Liter</ul><table><tr><td>東京は晴れ<td>ﬁne, 12 °C</table>
<pre>def f():\n    return 1\n</pre><aside>Lesen Sie auch: zehn Winden</aside><p>Ende (vorläufig)!</p>"""
LABELS = (
    Label("keep", ("h1", "p", "li", "table", "pre"), "body"),
    Label("maybe", ("h1",), "title"),
    Label("drop", ("sup",), "other"),
)


def small_goldens() -> Iterator[Golden]:
    yield labelled_golden(html_page(HTML), LABELS)
    yield plain_golden("1. Der Winch fror, sagte „Ole“.\n\n2) ½ Liter Öl\nﬁne, 12 °C: 東京は晴れ", page=html_page(HTML))
    yield plain_golden("")


def outputs(golden: Golden) -> Iterator[str]:
    """All that should come out, all that is on the page, and the first with words lost, moved and joined."""
    text = golden.kept_text or golden.main_content
    yield text
    yield golden.page.text
    chance = random.Random(golden.id)
    words = text.split(" ")
    kept = [word for word in words if chance.random() > 0.1]
    middle = len(kept) // 2
    moved = [*kept[middle:], "Unerhört,", *kept[:middle]]
    yield " ".join(word.replace("\n", chance.choice(["\n", " ", " | "])) for word in moved)
    yield ""


def require_equal_to_reference(golden: Golden) -> None:
    page = page_words(golden)
    read = reference.read_words(golden, page)
    assert list(page.words) == [word.text for word in read]
    assert page.verdicts == tuple(word.segment.verdict for word in read)
    assert page.kinds == tuple(word.segment.kind for word in read)
    assert page.lines.tolist() == [word.segment.line for word in read]
    assert [page.gaps[k] for k in range(len(page.keep))] == [read[i].after for i in page.keep]
    for output in outputs(golden):
        case = Case(golden, output, page)
        found = scores_of(case, OWN_METRICS)
        if case.alignment.output.left_out:
            continue
        expected = reference.edits(case.alignment) | reference.lines(case.alignment, read)
        assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-12), golden.id
        assert {name: found[name] for name in ("blocks.P", "blocks.R", "blocks.F")} == reference.blocks(case.alignment, read)
        assert found["punctuation"] == reference.punctuation(case.alignment, read), golden.id


@pytest.mark.parametrize("golden", list(small_goldens()), ids=["labels", "text", "nothing"])
def test_words_and_metrics_are_those_of_a_reading_word_by_word(golden: Golden) -> None:
    require_equal_to_reference(golden)


@pytest.mark.slow
def test_words_and_metrics_of_core_are_those_of_a_reading_word_by_word() -> None:
    for entry in find_entries(["core"], dumps_from([])).entries:
        require_equal_to_reference(entry.load())


@pytest.mark.slow
@needs_datasets
def test_words_and_metrics_of_a_dataset_are_those_of_a_reading_word_by_word() -> None:
    for entry in find_entries([f"wcxb:{DATASETS}/wcxb"], dumps_from([])).entries[::50]:
        require_equal_to_reference(entry.load())
