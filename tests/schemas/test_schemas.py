"""The schemas take what the harness writes and reads, refuse what it refuses, and are the ones that are published."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from factories.places import DATASETS, ROOT, needs_datasets
from factories.run_files import RECORD, write_run
from harness.baseline.file import read_baseline
from harness.common import published
from harness.common.typed import plain_toml, plain_yaml
from harness.datasets.suspected import Suspect, SuspectList, suspects_object
from harness.exposure.record import ExposureRecord, Tally, write_records
from harness.gate.rules_file import _TOP
from harness.goldens.draft import draft
from harness.goldens.policy import built_in_policies
from harness.pages.page import Page
from harness.schemas.catalogue import SCHEMAS, schema, schema_text

VALIDATORS = {name: Draft202012Validator(schema(name)) for name in SCHEMAS}
GOLDENS = sorted((ROOT / "goldens").glob("*/*.yaml"))


class EditorLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML 1.2, which editors read: a day and 0:14 are texts, and so is `no`."""


EditorLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("null", r"null|~|", ["n", "~", ""]),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), list(first))


def mistakes(name: str, value: object) -> list[str]:
    """What the schema of that name has against a value: the place of each mistake."""
    return [error.json_path for error in VALIDATORS[name].iter_errors(value)]


def golden(text: str) -> object:
    return yaml.load(text, EditorLoader)


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_published_is_what_the_types_say(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    written = (ROOT / f"docs/schemas/{name}.json").read_text(encoding="utf-8")
    assert written == schema_text(name), "run `make schemas`"


def test_the_list_in_the_documentation_is_complete() -> None:
    page = (ROOT / "docs/schemas/README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[([\w-]+)\]", page, re.M) == [*SCHEMAS]
    assert {path.stem for path in (ROOT / "docs/schemas").glob("*.json")} == {*SCHEMAS}


def test_every_golden_that_comes_with_the_harness_fits() -> None:
    assert len(GOLDENS) > 60
    wrong = {path.name: found for path in GOLDENS if (found := mistakes("golden", golden(path.read_text(encoding="utf-8"))))}
    assert wrong == {}


def test_a_draft_fits_but_for_what_nobody_has_labelled_yet_and_names_its_schema(monkeypatch) -> None:
    monkeypatch.setattr(published, "OWNER", "ann")
    page = Page(b"<html><body><nav>Home</nav><p>The pond froze over.</p></body></html>", "text/html")
    written = draft(Path("pond.html"), page)
    assert written.splitlines()[0] == f"# yaml-language-server: $schema={schema('golden')['$id']}"
    assert "//raw.githubusercontent.com/ann/extraction-harness/" in written
    assert mistakes("golden", golden(written)) == ["$.labels"], "no rule keeps anything"
    monkeypatch.setattr(published, "OWNER", "")
    assert draft(Path("pond.html"), page) == written.partition("\n")[2], "no address where there is nothing"
    assert mistakes("golden", golden(written.replace("{drop: p,", "{keep: p,"))) == []


HEAD = f"""
golden: 2
page: pond.html
sha256: {64 * "a"}
media: text/html
lang: no
kind: article
site: pond.example
labelled: {{labeller: ann, date: 2026-11-30, seconds: 94, blind: false}}
"""
RULE = "labels:\n  - {keep: p, as: body}\n"


@pytest.mark.parametrize(
    "rest",
    [
        RULE,
        "labels: [{keep: [7, 9-12], as: body}]",
        "labels: [{keep: p}, {drop: p, text: '1', prefix: water, as: footnote}, {maybe: h1, characters: 0:14}]",
        "labels: [{one_of: [math, .tex], as: body}]",
        "labels: [{keep: script, property: articleBody, as: body}]",
        "main: none",
        "main: none\nlabels: [{drop: form, as: form}]",
        "facts: [{present: froze, max_diffs: 1}, {order: [a, b]}, {repeat: a, times: 2}, {cell: 4, left: dam}]",
    ],
)
def test_what_the_guide_allows_fits(rest: str) -> None:
    assert mistakes("golden", golden(HEAD + rest)) == []


@pytest.mark.parametrize(
    ("rest", "place"),
    [
        ("", "$"),  # neither labels nor facts
        (RULE + "kinds: article", "$"),
        ("labels: [{drop: p}]", "$.labels"),
        ("labels: [{keep: p, drop: a}]", "$.labels[0]"),
        ("labels: [{keep: p, as: prose}]", "$.labels[0].as"),
        ("labels: [{keep: p, text: a, characters: 0:1}]", "$.labels[0]"),
        ("labels: [{keep: p, prefix: a}]", "$.labels[0]"),
        ("labels: [{one_of: [math, .tex], text: a}]", "$.labels[0]"),
        ("labels: [{one_of: [math]}]", "$.labels[0].one_of"),
        ("labels: [{keep: img, attribute: src}]", "$.labels[0].attribute"),
        ("main: none\nlabels: [{keep: p}]", "$.labels[0]"),
        ("main: all", "$.main"),
        ("facts: [{present: a, absent: b}]", "$.facts[0]"),
        ("facts: [{present: a, times: 2}]", "$.facts[0]"),
        ("facts: [{cell: 4}]", "$.facts[0]"),
    ],
)
def test_what_the_reader_refuses_by_its_form_does_not_fit(rest: str, place: str) -> None:
    assert set(mistakes("golden", golden(HEAD + rest))) == {place}


def test_keys_of_format_2_do_not_fit_format_1() -> None:
    older = HEAD.replace("golden: 2", "golden: 1")
    assert mistakes("golden", golden(older + RULE)) == ["$"]
    assert mistakes("golden", golden(older.partition("labelled")[0] + RULE)) == []


def test_policies() -> None:
    for name in built_in_policies():
        values = plain_yaml((ROOT / f"harness/goldens/policies/{name}.yaml").read_text(encoding="utf-8"))
        assert mistakes("policy", values) == []
    assert mistakes("policy", {"keep": ["titel"]}) == ["$.keep[0]"]
    assert mistakes("policy", {}) == mistakes("policy", {"keeps": []}) == ["$"]


def test_rules_of_the_gate() -> None:
    (example,) = re.findall(r"```toml\n(\[tool\.harness\.gate\]\n.*?)```", DOCS_GATE, re.S)
    assert mistakes("gate-rules", _as_json(plain_toml(example)["tool"]["harness"]["gate"])) == []
    assert set(schema("gate-rules")["properties"]) == set(_TOP), "the reader knows the same keys"
    assert mistakes("gate-rules", {"leak_growth": {"any": 20, "promo": "2.5%"}, "page": {"core/a": {"page_drop": 1}}}) == []
    assert mistakes("gate-rules", {"page_drops": 1}) == ["$"]
    assert mistakes("gate-rules", {"page_drop": "1"}) == ["$.page_drop"]
    assert mistakes("gate-rules", {"leak_growth": "1"}) == ["$.leak_growth"]
    assert mistakes("gate-rules", {"floor": [{"extractor": "mine", "metric": "F"}]}) == ["$.floor[0]"]
    assert mistakes("gate-rules", {"kind": {"forum": {"page_leaks": 1}}}) == ["$.kind.forum"]


DOCS_GATE = (ROOT / "docs/gate.md").read_text(encoding="utf-8")


def _as_json(value: object) -> object:
    """TOML's values as an editor's validator has them: days are texts."""
    return json.loads(json.dumps(value, default=str))


def test_a_run(tmp_path: Path) -> None:
    path = write_run(tmp_path, "20261130-120000", [RECORD, replace(RECORD, golden="tiny/b", scores={"F": None})])
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    assert [row["type"] for row in rows] == ["header", "extractor", "record", "record", "footer"]
    assert [mistakes("run-line", row) for row in rows] == [[]] * 5
    assert mistakes("run-line", {**rows[2], "outcome": "fine"}) == ["$"]
    assert mistakes("run-line", {**rows[2], "counts": {"kept": -1}}) == ["$"]
    assert mistakes("run-line", {**rows[0], "goldens": []}) == ["$"]


def test_the_baseline_of_this_repository() -> None:
    values = json.loads((ROOT / "reports/baseline.json").read_text(encoding="utf-8"))
    assert len(values["rows"]) == len(read_baseline(ROOT / "reports/baseline.json").rows) > 500
    assert mistakes("baseline", values) == []
    values["rows"][3]["outcome"] = "fine"
    assert mistakes("baseline", values) == ["$.rows[3].outcome"]


def test_exposure(tmp_path: Path) -> None:
    record = ExposureRecord("mine", None, "00", "0.1.0", 0, {"display-none": Tally(4, 1)}, {})
    path = tmp_path / "exposure.json"
    write_records({"mine": record}, path)
    values = json.loads(path.read_text(encoding="utf-8"))
    assert mistakes("exposure", values) == []
    values["extractors"][0]["hidden"]["display-none"]["out"] = -1
    assert mistakes("exposure", values) == ["$.extractors[0].hidden['display-none'].out"]


def test_lists_of_suspects() -> None:
    values = suspects_object(SuspectList(2, ("one 1.0",), (Suspect("p1", "0" * 64, "1" * 64, "copy", 0.25, 30),)))
    assert mistakes("suspects", values) == []
    values["goldens"][0]["reason"] = "looks odd"
    assert mistakes("suspects", values) == ["$.goldens[0].reason"]


def test_outputs_that_were_made_elsewhere() -> None:
    pages = {"p1": {"articleBody": "The river rose."}, "p2": "text", "p3": None}
    for values in (pages, {"version": "2.0", "output": pages}):
        assert mistakes("predictions", values) == []
    assert mistakes("predictions", {"p1": 3}) == ["$"]
    for row in ({"page_id": "a", "plaintext": "b"}, {"track_id": "a", "mine_content": None, "mine_success": False}):
        assert mistakes("prediction-line", row) == []
    assert mistakes("prediction-line", {"plaintext": "b"}) == mistakes("prediction-line", ["a"]) == ["$"]


@needs_datasets
def test_published_outputs_of_a_benchmark() -> None:
    for path in sorted((Path(DATASETS) / "aeb/output").glob("*.json")):
        assert mistakes("predictions", json.loads(path.read_text(encoding="utf-8"))) == [], path
