"""Findings are written, read, replayed and made goldens; edited ones are refused."""

from dataclasses import replace

import pytest
from jsonschema import ValidationError, validate

from factories.extractors import ready
from factories.places import PLANTED
from harness.common.typed import plain_yaml
from harness.engine.seat import Seat
from harness.fuzz.findings.finding import FindingError, promote_finding, read_finding, write_finding
from harness.fuzz.findings.replay import replay
from harness.goldens.reader import Dumps, read_golden
from harness.schemas.catalogue import schema


def test_findings_are_written_read_and_replayed(lost_in_aside, tmp_path):
    (finding,) = lost_in_aside
    path = write_finding(finding, tmp_path)
    assert path is not None and path.parent.name == "aside_with_links"
    assert write_finding(finding, tmp_path) is None, "nothing is written twice"
    read = read_finding(path)
    assert read.fingerprint == finding.fingerprint
    assert [s.verdict for s in read.page.segments] == [s.verdict for s in finding.page.segments]
    broken, repaired = ready(["aside_with_links", "sound"], [PLANTED])
    with Seat(broken) as seat:
        assert replay(read, seat).state == "FAILED"
    with Seat(repaired) as seat:
        assert replay(read, seat).state == "FIXED"


def test_a_finding_and_its_golden_fit_their_schemas(lost_in_aside, tmp_path):
    path = write_finding(*lost_in_aside, tmp_path)
    values = plain_yaml(path.read_text(encoding="utf-8"))
    golden = plain_yaml((path.parent / values["pages"]["page"]).read_text(encoding="utf-8"))
    validate(values, schema("finding"))
    validate(golden, schema("golden"))
    with pytest.raises(ValidationError, match="'severe' is not of type 'number'"):
        validate({**values, "severity": "severe"}, schema("finding"))


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
