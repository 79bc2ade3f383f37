"""Scorecards in HTML: well formed, escaped, small, the same bytes for the same run."""

import re

import pytest

from factories.records import record, run_of
from factories.scorecards import HOSTILE, Outline, card_of, hostile_run, run_over, thirty, two_lines
from harness.scorecard.gather.build import scorecard
from harness.scorecard.write.html import html


@pytest.mark.slow
def test_two_hundred_pages_of_twenty_extractors_make_less_than_three_megabytes():
    text = " ".join(f"passage {n} of the main content reads on" for n in range(60))
    goldens = {f"set/{n:03}": two_lines(f"set/{n:03}", f"{n} {text}", "Read also this", site=f"s{n}") for n in range(200)}
    records = [
        record(f"extractor_{e:02}", id, 0.3 + e / 50 + n / 1000, site=f"s{n}", text=text.replace("reads", f"{e} leaks {n}"))
        for e in range(20)
        for n, id in enumerate(goldens)
    ]
    card = scorecard(run_over(goldens.values(), records), goldens.__getitem__)
    page = html(card)
    assert len(page.encode()) < 3_000_000
    left_out = sum(result.diff is None for result in card.pages.results)
    assert left_out == 0 or f"{left_out} less bad pages" in card.pages.note


def test_html_is_well_formed_and_everything_in_it_is_escaped():
    run, goldens = hostile_run()
    page = html(scorecard(run, goldens.__getitem__))
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert sum(tag == "script" for tag, _ in outline.tags) == 1
    assert not any(tag in ("img", "link", "iframe", "object", "base") for tag, _ in outline.tags)
    for _, attributes in outline.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert all(attributes[name].startswith("#") for name in ("href", "src") if name in attributes)
    for text in HOSTILE[:6]:
        assert text in "".join(outline.texts), text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe]", page)
    assert "a\\u202eb" in page


def test_the_policy_allows_the_one_script_and_nothing_else():
    import base64
    import hashlib

    page = html(card_of(run_of(*thirty("a", [0.5]))))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = next(a["content"] for tag, a in Outline(page).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert f"script-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")


def test_the_same_input_gives_the_same_bytes():
    run, goldens = hostile_run()
    first, second = (html(scorecard(run, goldens.__getitem__)) for _ in range(2))
    assert first == second


def test_drawings_take_no_colour_of_their_own():
    page = html(card_of(run_of(*thirty("a", [0.5], timing={"wall": 0.1}), *thirty("b", [0.7], timing={"wall": 0.2}))))
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 2
    for drawing in drawings:
        assert "var(--" in drawing
        assert not set(re.findall(r"#[0-9a-f]{6}\b", drawing)) - {"#ffffff", "#000000"}
