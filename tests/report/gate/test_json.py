"""The verdict as JSON, with hostile names and words."""

import json

from hypothesis import given

from factories.gate_reports import FINE, GONE, NASTY, NO_RUN, WORSE, hostile
from harness.report.gate.json_file import gate_object


def test_json_has_all_that_is_not_as_before():
    text = json.dumps(gate_object(WORSE))
    found = json.loads(text)
    assert (found["verdict"], found["code"]) == ("worse", 1)
    assert [page["golden"] for page in found["pages"]] == ["core/fallen", "core/crashed", "core/new", "core/changed"]
    page = found["pages"][0]
    assert page["before"]["scores"] == {"F": 0.9} and page["after"]["leaks"] == {"related": 30}
    assert page["words"]["missed"] == [{"kind": "body", "text": "the tide came early"}]
    assert page["show"].startswith("harness show ")
    assert found["extractors"][0]["means"][0]["difference"]["interval"]["low"] == -0.1
    assert {json.loads(json.dumps(gate_object(item)))["verdict"] for item in (GONE, NO_RUN)} == {"could not tell"}
    assert gate_object(FINE)["verdict"] == "ok"


@given(NASTY)
def test_json_is_written_and_read_with_any_text(text):
    found = json.loads(json.dumps(gate_object(hostile(text)), ensure_ascii=False).encode("utf-8", "backslashreplace"))
    assert found["code"] == 1
