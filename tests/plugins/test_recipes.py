"""Recipes: the options, filters and versions of pipelines, and programs of the system."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from packaging.requirements import Requirement

from factories.extractors import output_of
from harness.cli.main import main
from harness.common.extensions import import_file
from harness.common.places import bundled
from harness.evaluation.extractors import select
from harness.plugins.ready import Unavailable, fits_here, prepare
from harness.plugins.registry import Registry
from harness.runs.request import RunRequest

RECIPES = bundled("extractors") / "recipes"
PROGRAMS = ["lynx", "w3m", "pandoc"]


def recipe(file: str) -> ModuleType:
    return import_file(RECIPES / f"{file}.py")


def page(html: str) -> SimpleNamespace:
    return SimpleNamespace(html=html)


def test_every_recipe_has_a_name_of_its_own_and_runs_only_where_it_is_named():
    recipes = {name for name, plugin in Registry().plugins.items() if Path(plugin.source).parent == RECIPES}
    assert recipes >= {"fineweb", "curator_justext", "curator_resiliparse", "curator_trafilatura", "dclm", "hplt", "wet"}
    by_default, _ = select(RunRequest())
    assert not recipes & {selection.name for selection in by_default}
    assert [selection.name for selection in select(RunRequest(extractors=("wet",)))[0]] == ["wet"]


@pytest.mark.parametrize(
    ("name", "package", "inside", "outside"),
    [
        ("fineweb", "trafilatura", "1.11.0", "1.12.0"),
        ("hplt", "trafilatura", "1.8.0", "1.8.1"),
        ("curator_trafilatura", "trafilatura", "2.0.0", "2.0.1"),
        ("dclm", "resiliparse", "0.14.9", "0.15.0"),
    ],
)
def test_the_versions_of_a_pipeline_are_pinned(name, package, inside, outside):
    first = Requirement(Registry().plugins[name].declared.requires[0])
    assert first.name == package
    assert inside in first.specifier
    assert outside not in first.specifier


@pytest.fixture
def library(monkeypatch):
    """A library in place of Trafilatura, which notes how it is called and counts passages across pages."""
    calls: list[dict[str, object]] = []
    seen: set[str] = set()

    def extract(html, **options):
        calls.append({**options, "repeated": html in seen})
        seen.add(html)
        return None if "nothing" in html else "The text of it\nMenu Login"

    class Config(dict):
        def set(self, section, key, value):
            self[section, key] = value

    modules = {
        "trafilatura": SimpleNamespace(extract=extract),
        "trafilatura.meta": SimpleNamespace(LRU_TEST=seen),
        "trafilatura.settings": SimpleNamespace(use_config=Config),
        "pycld2": SimpleNamespace(error=ValueError, detect=lambda html: (True, 1, [(language_of(html), "", 99, 1.0)])),
        "justext": SimpleNamespace(
            get_stoplists=lambda: frozenset(["English", "Latin"]), get_stoplist=lambda name: frozenset(["the", "of", "it"])
        ),
    }
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    return calls


def test_curators_justext_keeps_a_heading_above_a_good_paragraph_and_all_of_a_language_without_spaces(monkeypatch):
    detected = SimpleNamespace(error=ValueError, detect=lambda html: (True, 1, [(language_of(html), "", 99, 1.0)]))
    monkeypatch.setitem(sys.modules, "pycld2", detected)
    curator = recipe("curator").curator_justext
    good = (
        "The tide that came in with the wind of the night was at the door of the mill before they had the time to go up. "
        * 3
    )
    html = f"English <html><body><div><a href='/'>Home</a></div><h2>High water</h2><p>{good}</p></body></html>"
    assert curator(page(html)) == f"High water\n\n{good.strip()}"
    assert "Home" in curator(page(html.replace("English", "THAI")))
    assert curator(page(html.replace("English", "Latin"))) == ""


def language_of(html: str) -> str:
    return html.partition(" ")[0]


def test_fineweb_asks_for_precision_and_no_repetitions_and_no_page_depends_on_those_before_it(library):
    fineweb = recipe("fineweb").fineweb
    assert [fineweb(page("one")), fineweb(page("one")), fineweb(page("nothing"))] == ["The text of it\nMenu Login"] * 2 + [
        ""
    ]
    asked = {"favor_precision": True, "include_comments": False, "deduplicate": True, "repeated": False}
    assert library == [asked] * 3


def test_hplt_drops_tables_and_comments_and_takes_the_shortest_text(library):
    recipe("hplt").hplt(page("one"))
    (asked,) = library
    assert asked["config"] == {("DEFAULT", "MIN_EXTRACTED_SIZE"): "0"}
    assert (asked["include_comments"], asked["include_tables"]) == (False, False)
    assert "favor_precision" not in asked


def test_curator_keeps_the_lines_of_trafilatura_that_are_dense_in_stop_words(library):
    curator = recipe("curator").curator_trafilatura
    assert curator(page("English page")) == "The text of it"
    assert curator(page("KOREAN page")) == "The text of it\n\nMenu Login", "no words to count"
    assert curator(page("Latin page")) == curator(page("Klingon page")) == "", "a page of a language without stop words"
    assert library[0] == {"deduplicate": True, "repeated": False}


@pytest.mark.parametrize(("stop_words", "words", "kept"), [(8, 25, True), (7, 25, False), (1, 3, True), (0, 1, False)])
def test_a_line_is_kept_from_thirty_two_percent_of_stop_words_on(stop_words, words, kept):
    line = " ".join(["of"] * stop_words + ["Of"] * (words - stop_words))  # capitals are other words
    assert recipe("curator").is_dense(line, frozenset(["of"])) is kept
    assert recipe("curator").dense_lines(f"\n{line}\n   ", frozenset(["of"]), "ENGLISH") == (line if kept else "")


def test_wet_is_the_text_of_the_source_in_its_order_with_a_line_for_each_block():
    wet = recipe("wet").wet
    html = (
        "<title>Tides</title><script>if (a < b) x()</script><!-- hidden -->\n"
        "<nav>Home</nav><p>Ebb &amp;\r\n  <b>fl</b>ow <p>at&nbsp; noon<br/>and <div>\x02after</div>"
    )
    assert wet(page(html)) == "Tides\nHome\nEbb & flow\nat noon\nand\nafter\n"
    cells = "<table><tr><td>1</td><td>2<tr><th>3</th>4<span>5</span><label>6</label>7</table>"
    assert wet(page(cells)) == "1 2\n3\n45 6 7\n", "some elements are kept apart by a space"
    assert wet(page("<pre>a  &lt;\n b</pre> c  d")) == "a  <\n b\nc d", "white space stays in pre"
    assert wet(page("<style>p {}</style>")) == ""
    assert wet(page("a\u2007\u2007b")) == "a\u2007\u2007b", "not white space for Java"


@pytest.fixture
def path(tmp_path, monkeypatch):
    """An empty path for programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, name: str, body: str) -> None:
    file = folder / name
    file.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_given_the_page_as_utf8_and_what_it_writes_is_the_output(name, path):
    program(path, name, "text = sys.stdin.buffer.read().decode()\nsys.stdout.buffer.write(text[3:-4].upper().encode())")
    assert getattr(recipe("programs"), name)(page("<p>grüße</p>")) == "GRÜSSE"


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_fails_is_an_error_with_its_own_words(name, path):
    program(path, name, "sys.exit('no such option')")
    with pytest.raises(RuntimeError, match=f"{name} failed: no such option"):
        getattr(recipe("programs"), name)(page("<p>x</p>"))


def test_without_its_program_a_recipe_is_unavailable_and_says_so(path, capsys):
    reason = "needs the program w3m, which is not on the path"
    assert prepare(Registry().select(["w3m"])) == ([], [Unavailable("w3m", reason)])
    assert main(["list", "extractors"]) == 0
    assert "w3m cannot run: w3m is not on the path" in " ".join(capsys.readouterr().out.split())
    program(path, "w3m", "print('shown')")
    selections = Registry().select(["w3m"])
    assert fits_here(selections[0])
    (runnable,), unavailable = prepare(selections)
    assert not unavailable
    assert output_of(runnable).strip() == "shown"
