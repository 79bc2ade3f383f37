"""Labels written as YAML and read again are the same labels."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.labels import KINDS, VERDICTS, html_trees
from factories.pages import html_page, text_page
from harness.goldens.golden import resolve
from harness.goldens.labels import Label
from harness.goldens.reader import Dumps, GoldenError, read_golden
from harness.pages.page import Page


def through_yaml(folder: Path, page: Page, labels: list[Label], flow: bool) -> Path:
    """The golden file that a labeller would write."""
    (folder / "page").write_bytes(page.raw)
    fields = {
        "golden": 1,
        "page": "page",
        "sha256": page.sha256,
        "media": page.media,
        "lang": "no",
        "kind": "qa",
        "site": "on",
    }
    rules = [
        {label.verdict: list(label.places) if len(label.places) > 1 else label.places[0], "as": label.kind}
        for label in labels
    ]
    path = folder / "golden.yaml"
    path.write_text(yaml.safe_dump({**fields, "labels": rules}, default_flow_style=flow), encoding="utf-8")
    return path


@st.composite
def disjoint_text_labels(draw: st.DrawFn) -> tuple[Page, list[Label]]:
    lines = draw(st.lists(st.text(st.sampled_from("ab é漢#:[]-"), min_size=4, max_size=9), min_size=1, max_size=6))
    labels = [Label("keep", ("1",), "body")]
    for number, line in enumerate(lines, 1):
        if number > 1 and draw(st.booleans()):
            labels.append(Label(draw(VERDICTS), (str(number),), draw(KINDS)))
        if draw(st.booleans()):
            start = draw(st.integers(0, len(line) - 2))
            places = (f"{number}[{start}:{start + 1}]",)
            labels.append(Label(draw(VERDICTS), places, draw(KINDS)))
    return text_page("\n".join(lines)), labels


@st.composite
def html_labels(draw: st.DrawFn) -> tuple[Page, list[Label]]:
    content, _, _ = draw(html_trees())
    names = re.findall(r"id=(\w+)", content)
    forms = st.sampled_from(
        ["#{}", '[id="{}"]', "*[id='{}']", "body #{}, #nothing:not(a)", ":is(#{}, a > b ~ c)", "#{}:has(*) , #{}"]
    )
    places = st.tuples(forms, st.sampled_from(names)).map(lambda pair: pair[0].replace("{}", pair[1]))
    rules = st.builds(Label, VERDICTS, st.lists(places, min_size=1, max_size=2).map(tuple), KINDS)
    return html_page(content), [Label("keep", ("html > body",), "body"), *draw(st.lists(rules, max_size=3))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(disjoint_text_labels(), html_labels()), st.booleans())
def test_labels_written_as_yaml_and_read_again_give_the_same_segments(
    tmp_path: Path, case: tuple[Page, list[Label]], flow: bool
) -> None:
    page, labels = case
    segments, wrong = resolve(page, labels)
    path = through_yaml(tmp_path, page, labels, flow)
    if wrong:
        with pytest.raises(GoldenError) as caught:
            read_golden(path, Dumps([]))
        assert sorted(mistake.label for mistake in caught.value.mistakes) == sorted(str(label) for label, _ in wrong)
    else:
        golden = read_golden(path, Dumps([]))
        assert golden.segments == segments
        assert (golden.page.raw, golden.kind, golden.lang, golden.site) == (page.raw, "qa", "no", "on")
