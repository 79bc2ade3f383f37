"""The search: planted bugs are found, called by their kind, and shrunk to their cause."""

from dataclasses import replace
from pathlib import Path

import pytest
from fuzz_pages import OTHER_BODY, html_golden, text_golden
from helpers import ready
from hypothesis import given
from hypothesis import strategies as st

from harness.fuzz.catalogue import marked_page_of, operator_of
from harness.fuzz.findings.finding import FindingError, promote_finding, read_finding, write_finding
from harness.fuzz.findings.replay import replay
from harness.fuzz.html.operators.nesting import NestDeep, WrapContent
from harness.fuzz.html.operators.paragraphs import Linkify
from harness.fuzz.measure.ask import Asker
from harness.fuzz.measure.relations import KINDS
from harness.fuzz.search.hunt import Hunt, Options
from harness.fuzz.search.reduce import reduce_page, smallest_failing
from harness.fuzz.search.search import search, strategies_of
from harness.goldens.golden import resolve
from harness.goldens.reader import Dumps, read_golden
from harness.goldens.writer import labels_of

PLANTED = Path(__file__).with_name("planted_extractors.py")


def hunted(name, goldens, codes, **options):
    (runnable,) = ready([name], [PLANTED])
    given = {"seed": 3, "examples": 120, "timeout": 5.0, "trials": 60, **options}
    return Hunt(runnable, goldens, strategies_of(goldens[0].page.media, codes), Options(**given)).findings()


def operators(finding):
    return [operator_of(values) for values in finding.operators]


@pytest.fixture(scope="module")
def lost_in_aside():
    return hunted("aside_with_links", [html_golden()], ("D1", "D2", "D5", "D15", "D33"))


def test_a_body_that_is_lost_in_an_aside_with_links_is_shrunk_to_both(lost_in_aside):
    (finding,) = lost_in_aside
    assert (finding.kind, finding.level) == ("body lost", "critical")
    assert {type(operator) for operator in operators(finding)} == {WrapContent, Linkify}
    assert WrapContent("aside") in operators(finding)
    assert finding.severity > 0.9
    assert len(finding.page.page.content.splitlines()) <= 40


def test_a_page_is_reduced_to_what_the_failure_needs(lost_in_aside):
    (finding,) = lost_in_aside
    content = finding.page.page.content
    assert "menu" not in content and "Upper Town Press" not in content
    assert "<aside" in content and "<a " in content
    assert finding.before["retention"] == 1 and finding.after["retention"] == 0


def test_the_same_seed_finds_the_same(lost_in_aside):
    again = hunted("aside_with_links", [html_golden()], ("D1", "D2", "D5", "D15", "D33"))
    assert again == lost_in_aside


def test_a_sound_extractor_has_no_findings():
    assert hunted("sound", [html_golden()], ("D1", "D2", "D5", "D15", "D33")) == []


def test_a_leak_where_a_heading_is_missing_is_called_a_leak():
    found = hunted("until_heading", [text_golden()], ("T1", "T2", "T12", "T15"))
    (finding,) = [finding for finding in found if finding.kind != "non-idempotence"]
    assert finding.kind == "leak"
    assert [values["code"] for values in finding.operators] == ["T12"]
    assert "thumbprint" in finding.leaked


@pytest.mark.slow
def test_a_hang_is_killed_and_shrunk_to_the_depth_that_hangs():
    (runnable,) = ready(["hangs_when_deep"], [PLANTED])
    strategy = st.builds(NestDeep, st.integers(1, 2000))
    options = Options(seed=3, examples=25, timeout=0.5)
    (finding,) = Hunt(runnable, [html_golden()], [strategy], options).findings()
    assert finding.kind == "timeout"
    (operator,) = operators(finding)
    assert 295 <= operator.depth <= 300


def test_an_extractor_that_remembers_is_called_non_deterministic():
    (finding,) = hunted("remembers", [html_golden(), html_golden("dog", OTHER_BODY, "lake.example")], ("D2",))
    assert finding.kind == "non-determinism"
    assert finding.severity > 0.9


def test_an_extractor_that_depends_on_hashes_is_called_so_and_searched_all_the_same():
    found = hunted("goes_through_a_set", [html_golden()], ("D2", "D33"))
    unsteady, lost = found
    assert (unsteady.kind, lost.kind) == ("non-determinism", "body lost")
    assert unsteady.shrunk == "complete"
    assert len(unsteady.page.page.content) < len(html_golden().page.content)
    assert operators(lost) == [WrapContent("aside")]
    runnables = ready(["goes_through_a_set"], [PLANTED])
    with Asker(*runnables) as asker:
        assert replay(unsteady, asker).state == "FAILED"


def test_every_worker_has_the_same_hashes():
    texts = set()
    for _ in range(3):
        with Asker(*ready(["goes_through_a_set"], [PLANTED])) as asker:
            texts.add(asker.ask(html_golden().page).text)
    assert len(texts) == 1


def test_findings_are_written_read_and_replayed(lost_in_aside, tmp_path):
    (finding,) = lost_in_aside
    path = write_finding(finding, tmp_path)
    assert path is not None and path.parent.name == "aside_with_links"
    assert write_finding(finding, tmp_path) is None, "nothing is written twice"
    read = read_finding(path)
    assert read.fingerprint == finding.fingerprint
    assert [s.verdict for s in read.page.segments] == [s.verdict for s in finding.page.segments]
    broken, repaired = ready(["aside_with_links", "sound"], [PLANTED])
    with Asker(broken) as asker:
        assert replay(read, asker).state == "FAILED"
    with Asker(repaired) as asker:
        assert replay(read, asker).state == "FIXED"


def test_a_finding_becomes_a_golden(lost_in_aside, tmp_path):
    (finding,) = lost_in_aside
    target = promote_finding(finding, tmp_path / "mine")
    golden = read_golden(target, Dumps(()))
    assert golden.page.raw == finding.page.page.raw
    assert golden.main_content.split() == finding.page.main_content.split()
    with pytest.raises(FileExistsError):
        promote_finding(finding, tmp_path / "mine")


def test_a_finding_whose_page_was_edited_is_refused(lost_in_aside, tmp_path):
    (finding,) = lost_in_aside
    path = write_finding(finding, tmp_path)
    page = path.with_suffix(".html")
    page.write_text(page.read_text() + "<p>one more</p>")
    with pytest.raises(FindingError, match="has changed"):
        read_finding(path)


def test_a_dose_is_no_new_finding(lost_in_aside):
    (finding,) = lost_in_aside
    other_dose = tuple({**v, "every": 7} if v["operator"] == "Linkify" else v for v in finding.operators)
    other_tag = tuple({**v, "tag": "nav"} if v["operator"] == "WrapContent" else v for v in finding.operators)
    assert replace(finding, operators=other_dose).fingerprint == finding.fingerprint
    assert replace(finding, operators=other_tag).fingerprint != finding.fingerprint


@given(st.lists(st.integers(0, 30), unique=True, max_size=15), st.data())
def test_delta_debugging_finds_what_is_needed(items, data):
    wanted = set(data.draw(st.lists(st.sampled_from(items), unique=True))) if items else set()
    calls = []

    def fails(candidate):
        calls.append(candidate)
        return wanted <= set(candidate)

    assert set(smallest_failing(items, fails)) == wanted


def test_a_page_keeps_what_is_tested_for():
    page = marked_page_of(text_golden())
    smaller, complete = reduce_page(page, lambda candidate: "flower cart" in candidate.golden("x/y").page.content)
    assert complete
    assert len(smaller.golden("x/y").page.content.splitlines()) == 1


def test_labels_of_a_changed_page_say_what_its_segments_say():
    golden = html_golden()
    changed = WrapContent("aside").apply(Linkify(5).apply(marked_page_of(golden))).golden("x/y")
    labels = labels_of(changed)
    segments, wrong = resolve(changed.page, labels)
    assert not wrong
    meant = [(s.text, s.verdict) for s in changed.segments if s.text.strip()]
    assert [(s.text, s.verdict) for s in segments if s.text.strip()] == meant


def test_stage_b_does_not_stop_at_the_mildest_failure():
    """The threshold of shrinking holds on to what is nearly as bad as the worst case."""

    def measure(page, operators):
        depth = max((operator.depth for operator in operators if isinstance(operator, NestDeep)), default=0)
        lost = 0.55 if 100 <= depth < 1000 else 1.0 if depth >= 1000 else 0.0
        return {**dict.fromkeys(KINDS, 0.0), "body lost": lost}

    (worst,) = search(1, [st.builds(NestDeep, st.integers(1, 2000))], measure, seed_number=1, examples=150)
    assert worst.severity == 1.0
    assert worst.operators == (NestDeep(1000),)
