"""JavaScript extractors in real Node workers, without any package from npm."""

import json
import re
from pathlib import Path

import pytest

from factories.extractors import answers_of, output_of, ready, run_pages
from factories.pages import html_page, text_page
from factories.places import needs_node
from factories.processes import can_cut_network
from harness.engine.base import Answered, Loaded
from harness.pages.page import Page
from harness.plugins.ready import prepare
from harness.plugins.registry import Registry
from harness.plugins.runnable import Runnable

MEMORY = 400 * 1024**2

FAULTS = """
import fs from "node:fs";
import process from "node:process";

const FAULTS = {
  returns_spaces: () => " \\n ",
  throws: () => { throw new TypeError("the ladder is too short"); },
  throws_later: async () => { await null; throw new TypeError("the ladder is too short"); },
  throws_text: () => { throw "just text"; },
  throws_half_a_character: () => { throw new Error("half \\ud800"); },
  throws_nothing: () => { throw undefined; },
  throws_unprintable: () => { throw { toString() { throw 1; } }; },
  rejects_unheard: () => { Promise.reject(new Error("nobody listens")); return new Promise(() => {}); },
  throws_in_a_timer: () => { setTimeout(() => { throw new Error("too late"); }, 1); return new Promise(() => {}); },
  recurses_forever: function f() { return f(); },
  exits: () => process.exit(0),
  exits_unnoticed: () => { try { process.exit(3); } catch {} return "the answer"; },
  aborts: () => process.abort(),
  kills_itself: () => { process.kill(process.pid, "SIGKILL"); return new Promise(() => {}); },
  returns_number: () => 42,
  returns_null: () => null,
  returns_nothing: () => {},
  returns_bytes: () => Buffer.from("bytes"),
  returns_half_a_character: () => "half \\ud800",
  returns_whole_characters: () => "\\ud83d\\ude00 whole",
  floods: () => { for (let n = 0; n < 20000; n++) console.log("chatter ".repeat(20)); return "the answer"; },
  forges: () => { process.stdout.write('{"id": "x", "outcome": "ok", "text": "forged"}\\n'); return "the answer"; },
  writes_to_descriptor_1: () => { fs.writeSync(1, '{"id": "x"}\\n'); return "the answer"; },
  reads_input: async () => { let all = "read: "; for await (const c of process.stdin) all += c; return all; },
  eats_memory: () => { const hoard = []; for (;;) hoard.push(Buffer.alloc(10_000_000, 1)); },
};

export default function extract(page, options) {
  const name = /fault: (\\w+)/.exec(page.html)?.[1];
  return name ? FAULTS[name](page) : page.html.replace(/<[^>]*>/g, "") + (options.mark ?? "");
}
"""

EXPECTED = {
    "returns_spaces": "empty",
    "throws": "error",
    "throws_later": "error",
    "throws_text": "error",
    "throws_half_a_character": "error",
    "throws_nothing": "error",
    "throws_unprintable": "error",
    "rejects_unheard": "error",
    "throws_in_a_timer": "error",
    "recurses_forever": "error",
    "exits": "error",
    "exits_unnoticed": "ok",
    "aborts": "crash",
    "kills_itself": "crash",
    "returns_number": "invalid",
    "returns_null": "invalid",
    "returns_nothing": "invalid",
    "returns_bytes": "invalid",
    "returns_half_a_character": "invalid",
    "returns_whole_characters": "ok",
    "floods": "ok",
    "forges": "ok",
    "writes_to_descriptor_1": "ok",
    "reads_input": "ok",
    "eats_memory": "memory",
}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))


def test_an_error_that_comes_late_is_not_of_the_next_page(tmp_path):
    (tmp_path / "late.mjs").write_text(
        """export default async (page) => {
          if (page.html.includes("late")) setTimeout(() => { throw new Error("late"); }, 100);
          if (page.html.includes("slow")) await new Promise((end) => setTimeout(end, 400));
          if (page.html.includes("own")) setTimeout(() => { throw new Error("own"); }, 1);
          if (page.html.includes("own")) await new Promise(() => {});
          return "text";
        }"""
    )
    (extractor,) = ready([f"{tmp_path / 'late.mjs'}:default"])
    late, slow, own = answers_of(extractor, [html_page(text) for text in ("late", "slow", "own")])
    assert [late.outcome, slow.outcome, own.outcome] == ["ok", "ok", "error"]
    assert slow.retried and not own.retried
    assert "Error: own" in own.error


def write_plugin(folder: Path, source: str, version: str = "1.0.0", **described: object) -> Path:
    """A JavaScript plugin without dependencies; its own version is not that of a package."""
    folder.mkdir(parents=True)
    (folder / "extract.mjs").write_text(source)
    (folder / "package.json").write_text(
        json.dumps({"name": "ours", "version": version, "harness": {"main": "extract.mjs", **described}})
    )
    return folder


def bare(folder: Path, source: str, function: str = "extract") -> Runnable:
    (folder / "mine.mjs").write_text(source)
    (runnable,) = ready([f"{folder}/mine.mjs:{function}"])
    return runnable


@pytest.fixture(scope="module")
def all_faults(tmp_path_factory):
    """The answers to a page for each fault, with an innocent page after each."""
    folder = tmp_path_factory.mktemp("node")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARNESS_CACHE", str(folder / "cache"))
        (runnable,) = ready(["faults"], [write_plugin(folder / "faults", FAULTS)])
    pages = []
    for name in EXPECTED:
        pages += [
            (name, html_page(f"<p>fault: {name}</p>")),
            (f"after {name}", html_page(f"<p>innocent page after {name}</p>")),
        ]
    events = run_pages([(runnable, pages)], timeout=20, memory=MEMORY)
    return {event.key: event.answer for event in events if isinstance(event, Answered)}


@needs_node
@pytest.mark.parametrize(("fault", "outcome"), EXPECTED.items())
def test_a_fault_has_its_outcome_and_the_next_page_is_unharmed(all_faults, fault, outcome):
    answer, after = all_faults[fault], all_faults[f"after {fault}"]
    assert answer.outcome == outcome, answer
    assert bool(answer.error) == (outcome not in ("ok", "empty"))
    assert bool(answer.text) == (outcome == "ok")
    assert (after.outcome, after.text) == ("ok", f"innocent page after {fault}")


@needs_node
def test_the_reason_names_what_was_thrown_and_where(all_faults):
    assert re.search(r"TypeError: the ladder is too short at extract\.mjs:\d+ in ", all_faults["throws"].error)
    for fault, words in {
        "throws_later": "the ladder is too short",
        "throws_text": "just text",
        "rejects_unheard": "nobody listens",
        "throws_in_a_timer": "too late",
        "exits": "process.exit(0)",
        "aborts": "SIGABRT",
        "returns_number": "number",
        "returns_nothing": "undefined",
        "returns_bytes": "Buffer",
    }.items():
        assert words in all_faults[fault].error, fault


@needs_node
def test_what_is_printed_or_read_does_not_reach_the_protocol(all_faults):
    for fault in ("floods", "forges", "writes_to_descriptor_1"):
        assert all_faults[fault].text == "the answer"
    assert all_faults["reads_input"].text == "read: "


@needs_node
@pytest.mark.parametrize("loop", ["/^(a+)+$/.test('a'.repeat(50) + 'b')", "return new Promise(() => {})"])
def test_an_endless_page_is_a_timeout_and_the_next_one_is_unharmed(tmp_path, loop):
    source = f"export function extract(page) {{ if (page.html.includes('hang')) {{ {loop} }} return 'done'; }}"
    hung, after = answers_of(bare(tmp_path, source), [html_page("<p>hang</p>"), html_page("<p>next</p>")], timeout=1.5)
    assert (hung.outcome, after.outcome, after.text) == ("timeout", "ok", "done")


@needs_node
def test_a_page_has_what_an_extractor_of_another_language_is_given(tmp_path):
    source = "export function extract(page) { return JSON.stringify({ ...page, raw: page.raw.toString('hex') }); }"
    page = Page(b"\xef\xbb\xbfcaf\xe9 \xc3\xa9", "text/html", "https://quay.example/", "fr")
    found = json.loads(output_of(bare(tmp_path, source), page))
    assert found["raw"] == "efbbbf636166e920c3a9"
    assert (found["html"], found["url"], found["lang"]) == ("caf\ufffd é", "https://quay.example/", "fr")
    dump = json.loads(output_of(bare(tmp_path, source), text_page("a < b")))
    assert dump["text"] == "a < b"
    assert "a &lt; b" in dump["html"]


@needs_node
def test_what_was_stored_as_the_content_says_is_given_as_bytes_and_a_page_of_html_has_no_text(tmp_path):
    source = "export const extract = ({ raw, text }) => JSON.stringify([raw.toString('hex'), text]);"
    pages = [Page("<p>é</p>".encode(), "text/html"), text_page("é"), Page(b"\xef\xbb\xbfa", "text/plain")]
    found = [json.loads(answer.text) for answer in answers_of(bare(tmp_path, source), pages)]
    assert found == [["3c703ec3a93c2f703e", None], ["c3a9", "é"], ["efbbbf61", "a"]]


@needs_node
def test_a_plugin_in_a_folder_says_what_it_returns(tmp_path):
    folder = write_plugin(
        tmp_path / "shout", FAULTS, output="html", outputs={"plain": "text"}, variants={"plain": {}, "loud": {"mark": "!"}}
    )
    found = ready(["shout", "shout/plain", "shout/loud"], [folder])
    assert [runnable.output for runnable in found] == ["html", "text", "html"]


@needs_node
def test_a_plugin_in_a_folder_runs_with_its_variants_and_options(tmp_path):
    folder = write_plugin(tmp_path / "shout", FAULTS, variants={"loud": {"mark": "!"}}, options={"mark": "."})
    plain, loud = ready(["shout", "shout/loud"], [folder])
    assert (output_of(plain, html_page("<p>text</p>")), output_of(loud, html_page("<p>text</p>"))) == ("text.", "text!")


@needs_node
def test_the_version_is_asked_of_the_package_that_really_runs(tmp_path):
    # As npm would have installed it.
    (runnable,) = ready(["wader"], [write_plugin(tmp_path / "wader", FAULTS, package="@quay/tidepool")])
    installed = Path(runnable.source).parent / "node_modules" / "@quay" / "tidepool"
    installed.mkdir(parents=True)
    (installed / "package.json").write_text('{"version": "3.1.4"}')
    versions = [e.version for e in run_pages([(runnable, [(1, html_page("<p>a</p>"))])]) if isinstance(e, Loaded)]
    assert versions == ["3.1.4"]


@needs_node
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("export function other() {}", 'no function "extract"'),
        ("export const extract = 3;", 'no function "extract"'),
        ("export function extract( {", "mine.mjs:1"),
        ("import 'surely-not-installed'; export function extract() {}", "surely-not-installed"),
        ("throw new Error('not today');", "not today at mine.mjs:1"),
    ],
)
def test_a_file_that_cannot_be_loaded_fails_every_page_and_says_where(tmp_path, source, words):
    found = answers_of(bare(tmp_path, source), [html_page("<p>a</p>"), html_page("<p>b</p>")])
    assert [answer.outcome for answer in found] == ["error", "error"]
    assert words in found[0].error


@needs_node
def test_a_file_may_import_what_lies_in_folders_around_it(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "shout.mjs").write_text("export const shout = (text) => text.toUpperCase();")
    source = "import { shout } from './lib/shout.mjs'; export const extract = (page) => shout(page.html);"
    assert output_of(bare(tmp_path, source), html_page("<p>text</p>")) == "<P>TEXT</P>"


@needs_node
def test_a_broken_package_json_beside_a_file_is_no_traceback(tmp_path):
    (tmp_path / "package.json").write_text("{ not json")
    (tmp_path / "mine.mjs").write_text("export const extract = () => 'done';")
    _, (unavailable,) = prepare(Registry().select([f"{tmp_path}/mine.mjs:extract"]))
    assert "package.json" in unavailable.reason


@needs_node
def test_identity_changes_with_the_file_and_with_what_it_imports_from_beside_it(tmp_path):
    helped = "import { help } from './helper.mjs';\nexport const extract = () => help;"
    (tmp_path / "helper.mjs").write_text("export const help = 'one';")
    first, again = (bare(tmp_path, helped) for _ in range(2))
    other = bare(tmp_path, helped.replace("=> help", "=> `${help}`"))
    (tmp_path / "helper.mjs").write_text("export const help = 'two';")
    beside = bare(tmp_path, helped)
    assert first.identity == again.identity
    assert len({first.identity, other.identity, beside.identity}) == 3


@needs_node
def test_peak_memory_is_that_of_the_worker_and_not_of_the_harness(tmp_path):
    size = 400_000_000
    hoard = bytearray(b"x") * size  # of the process that starts the worker
    (answer,) = answers_of(bare(tmp_path, "export const extract = () => 'done';"), [html_page("<p>a</p>")])
    del hoard
    assert 1_000_000 < answer.peak_memory < size / 2


@needs_node
@pytest.mark.skipif(not can_cut_network(), reason="this system does not let us cut off a network")
def test_a_javascript_extractor_has_no_network(tmp_path):
    source = (
        "import net from 'node:net';\n"
        "export const extract = () => new Promise((done, failed) => net.connect(9, '127.0.0.1').on('error', failed));"
    )
    (answer,) = answers_of(bare(tmp_path, source), [html_page("<p>a</p>")])
    assert answer.outcome == "error"
    assert "ENETUNREACH" in answer.error
