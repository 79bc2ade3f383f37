"""Runs on screen and as files: what is shown of them, and that nothing in them acts."""

import json
import re
from hashlib import sha256
from html import unescape

import pytest
from selectolax.lexbor import LexborHTMLParser

from factories.hostile_page import hostile_page
from factories.workbench import GOLDEN, Client, workbench
from harness.cli.main import main
from harness.common.errors import IMPOSSIBLE
from harness.goldens.reader import Dumps, read_golden
from harness.workbench.reading import Shelf
from harness.workbench.screens import framed

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def stored(tiny_stored):
    """The folder of a project, and the id of its run."""
    folder, run = tiny_stored
    return folder, run["run"]


@pytest.fixture
def reader(stored, pond, monkeypatch):
    folder, _ = stored
    monkeypatch.chdir(folder)
    return Client(workbench(pond, runs=folder / "reports/runs"))


def data_of(page):
    found = re.findall(r'<script type="application/json" id="\w+">(.*?)</script>', page, re.DOTALL)
    return {key: value for text in found for key, value in json.loads(text).items()}


def test_the_list_of_runs_names_each_with_its_pages(reader, stored):
    page = reader.get("/runs").text
    assert f'href="/run/{stored[1]}"' in page


def test_a_run_has_its_tables_its_pages_and_its_command(reader, stored):
    page = reader.get(f"/run/{stored[1]}").text
    assert "harness run" in page
    data = data_of(page)
    assert {"paragraphs", "whole_text"} <= set(data["extractors"])
    assert "F" in data["metrics"]
    assert len(data["rows"]) == len({(row[0], row[1]) for row in data["rows"]})
    assert all(0 <= row[0] < len(data["pages"]) for row in data["rows"])


def test_a_page_shows_what_was_missed_and_leaked_and_how_to_see_it_again(reader, stored):
    _, run = stored
    data = data_of(reader.get(f"/run/{run}").text)
    name = next(page[0] for page in data["pages"])
    first, second = data["extractors"][:2]
    page = reader.get(f"/run/{run}/page/{name}?a={first}&b={second}").text
    for extractor in (first, second):
        assert f'data-extractor="{extractor}"' in page
        assert f"harness show {run} --page {name} -e {extractor}" in unescape(page)
    assert "sandbox class" in page
    assert reader.get(f"/run/{run}/frame/{name}").headers["content-security-policy"].endswith("sandbox")


@pytest.mark.parametrize(
    "path",
    [
        "/run/none",
        "/run/%2e%2e%2fpond",
        "/run/{run}/page/none",
        "/run/{run}/frame/none",
        "/run/{run}/page/../x?a=y",
    ],
)
def test_what_is_not_there_is_not_found(reader, stored, path):
    assert reader.get(path.format(run=stored[1])).status_code in (404, 422)


def test_whether_a_run_has_changed(reader, stored):
    state = reader.get(f"/api/runs/{stored[1]}").json()["state"]
    page = reader.get(f"/run/{stored[1]}").text
    assert f'data-finished="yes" data-state="{state}"' in page


def test_outputs_and_names_are_text(stored, tmp_path, monkeypatch):
    """An extractor returns whatever it likes, and a run says whatever it likes of names."""
    folder, run = stored
    lines = (folder / f"reports/runs/{run}.jsonl").read_text(encoding="utf-8")
    runs = tmp_path / "runs"
    runs.mkdir()
    changed = lines.replace('"paragraphs"', json.dumps(f"p{EVIL}"))
    (runs / f"{run}.jsonl").write_text(changed, encoding="utf-8")
    monkeypatch.chdir(folder)
    client = Client(workbench(folder / "goldens", runs=runs))
    page = client.get(f"/run/{run}").text
    name = data_of(page)["pages"][0][0]
    for text in (page, client.get(f"/run/{run}/page/{name}").text, client.get("/runs").text):
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert f"p{EVIL}" in data_of(page)["extractors"]


def test_a_run_becomes_files_that_have_their_own_policy(stored, tmp_path, monkeypatch, capsys):
    folder, run = stored
    monkeypatch.chdir(folder)
    target = tmp_path / "site"
    assert main(["workbench", "--run", run, "--export", str(target)]) == 0
    assert str(target / "index.html") in capsys.readouterr().out.replace("\n", "")
    index = (target / "index.html").read_text(encoding="utf-8")
    data = data_of(index)
    assert data["static"] is True
    for number, page in enumerate(data["pages"]):
        assert page[0] in unescape((target / f"pages/{number}.html").read_text(encoding="utf-8"))
        shown = (target / f"pages/{number}-page.html").read_text(encoding="utf-8")
        assert "Content-Security-Policy\" content=\"default-src 'none'" in shown[:2000]
    for file in target.rglob("*.html"):
        assert not re.search(r"(?:src|href)=\"(?:https?:|/)", file.read_text(encoding="utf-8")), file
    assert main(["workbench", "--run", run, "--export", str(target)]) == IMPOSSIBLE  # never over what is there


def test_a_run_that_was_not_finished_is_shown_as_far_as_it_is(stored, tmp_path):
    folder, run = stored
    lines = (folder / f"reports/runs/{run}.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "half.jsonl").write_bytes(b"".join(lines[: len(lines) // 2]))
    (tmp_path / "none.jsonl").write_bytes(b"not a run\n")
    shelf = Shelf(tmp_path)
    assert [(row.id, row.finished) for row in shelf.rows()] == [("half", False)]
    assert not shelf.run("half").finished
    few = len(json.loads(shelf.run("half").shown["data"])["rows"])
    (tmp_path / "half.jsonl").write_bytes(b"".join(lines))  # it went on meanwhile
    assert shelf.run("half").finished
    assert len(json.loads(shelf.run("half").shown["data"])["rows"]) > few


def test_an_index_that_is_damaged_is_made_again(stored):
    folder, run = stored
    shelf = Shelf(folder / "reports/runs")
    before = shelf.run(run)
    before.index.write_bytes(b"not a database" * 100)
    again = shelf.run(run)
    assert again.shown == before.shown
    golden = next(iter(again.header.goldens))
    assert {record.golden for record in again.page(golden).records} == {golden}


def test_a_page_that_the_run_does_not_know_any_more_is_said_to_have_changed(stored, tmp_path, monkeypatch):
    folder, run = stored
    monkeypatch.chdir(tmp_path)  # another project, without those goldens
    client = Client(workbench(folder / "goldens", runs=folder / "reports/runs"))
    name = data_of(client.get(f"/run/{run}").text)["pages"][0][0]
    page = client.get(f"/run/{run}/page/{name}")
    assert page.status_code == 200
    assert "<iframe" not in page.text
    assert "No difference can be shown" in page.text


def test_a_hostile_page_is_disarmed_in_files_too(pond):
    page = hostile_page("http://away.example")
    (pond / "evil.html").write_text(page, encoding="utf-8")
    written = GOLDEN.format(sha256=sha256(page.encode()).hexdigest()).replace("pond.html", "evil.html")
    rules = "labels:\n  - {keep: '#first', as: body}\n"
    (pond / "evil.yaml").write_text(written.partition("labels:")[0] + rules, encoding="utf-8")
    shown = framed(read_golden(pond / "evil.yaml", Dumps([])))
    acts = re.compile(r"href|xlink:href|src|srcset|action|formaction|ping|poster|background|on.*")
    for node in LexborHTMLParser(shown).css("*"):
        assert node.tag not in ("script", "iframe", "object", "embed", "link", "base", "video"), node.html
        assert not [name for name in node.attributes if acts.fullmatch(name)], node.html


def test_the_audit_of_a_run_names_goldens_with_the_passage(stored, monkeypatch):
    folder, run = stored
    monkeypatch.chdir(folder)
    client = Client(workbench(folder / "goldens", runs=folder / "reports/runs"))
    assert f"<option>{run}</option>" in client.get("/audit").text
    page = client.get(f"/audit?run={run}")
    assert page.status_code == 200
    assert "goldens are suspected" in page.text
    assert client.get("/audit?run=../x").status_code == 404
