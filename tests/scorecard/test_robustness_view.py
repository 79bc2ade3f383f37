"""Robustness as HTML, Markdown and charts."""

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from factories.cells import cell
from factories.matrices import NEUTRAL, matrix_of, related, robust_card, run_with
from factories.scorecards import HOSTILE, NOT_HERE, Outline, tables_of
from harness.fuzz.catalogue import label_of, matrix_instances
from harness.scorecard.gather.build import scorecard
from harness.scorecard.values.card import Scorecard
from harness.scorecard.write.html import STEPS, html
from harness.scorecard.write.json_file import scorecard_object
from harness.scorecard.write.markdown import markdown

CSS = Path(html.__code__.co_filename).parent / "templates"


def hostile_card() -> Scorecard:
    cells = [
        found
        for number, text in enumerate(HOSTILE)
        for found in related(text, -number / 10, label=f"D18 {text}", outcome=text, set=text)
    ]
    cells += [cell(text, -0.5, text, text, label=text) for text in HOSTILE]
    run = run_with(*HOSTILE, **{"a": "1"})
    return scorecard(run, lambda id: NOT_HERE, matrix=matrix_of(cells, **dict.fromkeys(HOSTILE, HOSTILE[0])))


def test_html_with_robustness_is_well_formed_and_everything_in_it_is_escaped():
    page = html(hostile_card())
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert sum(tag == "script" for tag, _ in outline.tags) == 1
    assert not any(tag in ("img", "link", "iframe", "object", "base") for tag, _ in outline.tags)
    for _, attributes in outline.tags:
        assert not any(name.startswith("on") for name in attributes)
    section = LexborHTMLParser(page).css_first("#robustness")
    for text in HOSTILE[:6]:
        assert text in section.text(), text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe]", page)


def test_markdown_with_robustness_keeps_its_columns():
    text = markdown(hostile_card())
    for table in tables_of(text):
        assert len({len(row) for row in table}) == 1
    inert = re.sub(r"(?m)^    .*$", "", text).replace("<!-- -->", "")
    assert not re.search(r"(?<!\\)<|(?<!\\)\[|(?<!\\)\]\(", inert)


def test_every_number_of_a_heat_map_can_be_read_without_its_colour():
    changes = [-0.9, -0.1, -0.004, 0.0, 0.03]
    card = robust_card([cell(f"Op({n})", change) for n, change in enumerate(changes)], "a", "b")
    rows = LexborHTMLParser(html(card)).css("#robustness table.operators tbody tr")
    shown = [[node.text(strip=True) for node in row.css("td")] for row in rows]
    assert shown == [["−.900", "1"], ["−.100", "1"], ["−.004", "1"], ["0", "1"], ["+.030", "1"]]
    assert [row.css_first("td").attributes["class"].split()[1:] for row in rows] == [["loss5"], ["loss3"], [], [], ["gain2"]]
    assert "| label of Op(0) | −.900 | 1 |" in markdown(card)


def test_colours_of_the_heat_map_are_ordered_and_never_hide_the_number():
    """In both themes each step is further from the paper than the last, and text on it has a contrast of 4.5 (WCAG AA)."""

    def luminance(colour: str) -> float:
        values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
        return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear))

    def contrast(one: str, other: str) -> float:
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    themes = [(CSS / name).read_text().split("prefers-color-scheme: dark") for name in ("scorecard.css", "robustness.css")]
    for page, heat in zip(*themes, strict=True):
        base, steps = (dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", text)) for text in (page, heat))
        for way in ("loss", "gain"):
            colours = [steps[f"{way}{number}"] for number in range(1, len(STEPS) + 1)]
            distances = [contrast(base["paper"], colour) for colour in colours]
            assert distances == sorted(distances) and distances[0] > 1.03
            assert all(contrast(base["ink"], colour) >= 4.5 for colour in colours)


def test_charts_are_drawn_for_whoever_was_measured_and_take_the_colours_of_the_page():
    section = re.search(r'<section id="robustness".*?</section>', html(robust_card(related("a", -0.3), "a")), re.DOTALL)[0]
    drawings = re.findall(r"<svg.*?</svg>", section, re.DOTALL)
    assert [re.search(r"<title>(.*?)</title>", drawing)[1].split(",")[0] for drawing in drawings] == [
        "Change of F and leaked share against the dose of related stories",
        "Shares of pages and operators that lose more F than so much",
    ]
    for drawing in drawings:
        assert "var(--series0)" in drawing
        assert "var(--series1)" not in drawing
        assert not set(re.findall(r"#[0-9a-f]{6}\b", drawing)) - {"#ffffff", "#000000"}
    assert "neutral stories" in drawings[0] and "telling stories" in drawings[0]


def test_a_mean_over_few_pages_is_in_the_table_and_not_drawn():
    few = [cell(NEUTRAL, -0.3, f"set/{n}", dose=dose) for n, dose in enumerate((0.1, 0.7, 1.5))]
    page = html(robust_card(few, "a"))
    assert "dose of related stories" not in page
    assert "Doses as a table" in page


def test_without_a_matrix_nothing_is_said_of_robustness():
    card = scorecard(run_with("a"), lambda id: NOT_HERE)
    assert "robustness" not in scorecard_object(card)
    for text in (html(card), markdown(card)):
        assert "robust" not in text.lower() and "--series" not in text


@pytest.mark.slow
def test_all_operators_on_twenty_extractors_make_less_than_three_megabytes():
    operators = [operator for media in ("text/html", "text/plain") for operator in matrix_instances(media)]
    cells = [
        cell(
            repr(operator),
            -0.01 * number,
            f"set/{page:02}",
            f"extractor_{number:02}",
            label=label_of(operator),
            code=operator.code,
            nature=operator.nature,
            dose=1.5 + page % 2,
        )
        for number in range(20)
        for operator in operators
        for page in range(20)
    ]
    page = html(robust_card(cells, *(f"extractor_{number:02}" for number in range(20))))
    assert len(page.encode()) < 3_000_000
    assert len(set(re.findall(r"var\(--series(\d)\)", page))) == 6
