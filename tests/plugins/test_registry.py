"""Where extractors come from, what they return, and what is said of names and plugins that cannot be used."""

import subprocess
import sys

import pytest

from factories.extractors import output_of
from factories.plugins import only_runnable, reasons_of, write_plugin
from harness.plugins.ready import fits_here, prepare
from harness.plugins.registry import Registry


def test_built_ins_are_found_and_run():
    registry = Registry()
    assert {"keep_everything", "keep_nothing", "trafilatura", "justext", "readability_lxml"} <= registry.plugins.keys()
    assert output_of(only_runnable(registry, "keep_everything")) == "a line of text"
    assert output_of(only_runnable(registry, "keep_nothing")) == ""


def test_a_variant_runs_with_its_options(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "from harness import extractor\n"
        "@extractor(variants={'loud': {'mark': '!'}}, media='text/plain')\n"
        "def mine(page, mark='.'): return page.text + mark\n"
    )
    registry = Registry([path])
    assert {"mine", "mine/loud"} <= set(registry.all_names())
    assert output_of(only_runnable(registry, "mine")) == "a line of text."
    assert output_of(only_runnable(registry, "mine/loud")) == "a line of text!"
    assert "mine/loud" in reasons_of(path, names=("mine/lout",))[0]


RETURNS = """
from harness import extractor
@extractor(output="html", outputs={"plain": "text", "marked": "markdown"}, variants={"plain": {}, "marked": {}, "other": {}})
def mine(page): return page.html
def undeclared(page): return page.html
"""


def test_an_extractor_says_what_it_returns_and_a_variant_may_return_something_else(tmp_path):
    (tmp_path / "mine.py").write_text(RETURNS)
    registry = Registry([tmp_path / "mine.py"])
    names = ["mine", "mine/plain", "mine/marked", "mine/other", f"{tmp_path}/mine.py:undeclared", "cmd:cat"]
    runnables, _ = prepare(registry.select(names))
    assert [runnable.output for runnable in runnables] == ["html", "text", "markdown", "html", "text", "text"]
    assert len({runnable.identity for runnable in runnables[:3]}) == 3, "options alone do not tell them apart"


def test_the_harness_gets_what_the_extractor_returned(tmp_path):
    (tmp_path / "mine.py").write_text(RETURNS)
    runnable = only_runnable(Registry([tmp_path / "mine.py"]), "mine")
    assert "<p>a line of text</p>" in output_of(runnable)


def test_outputs_of_an_unknown_variant_are_a_mistake_that_names_the_close_one(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(RETURNS.replace('"marked": "markdown"', '"market": "markdown"'))
    (reason,) = reasons_of(path)
    assert "'mine'" in reason
    assert "'market'; did you mean 'marked'?" in reason


def test_a_name_given_twice_runs_once_and_order_is_kept(tmp_path):
    path = write_plugin(tmp_path / "mine.py", "mine")
    registry = Registry([path])
    selections = registry.select(["mine", "keep_nothing", "mine"])
    assert [selection.name for selection in selections] == ["mine", "keep_nothing"]
    runnables, _ = prepare(selections)
    assert [runnable.name for runnable in runnables] == ["mine", "keep_nothing"]


def test_all_stands_for_every_extractor_and_variant(tmp_path):
    registry = Registry([write_plugin(tmp_path / "mine.py", "mine")])
    selections = registry.select(["mine", "all"])
    assert [selection.name for selection in selections[:1]] == ["mine"]
    assert sorted(selection.name for selection in selections) == sorted(registry.all_names())
    here = [selection for selection in selections if fits_here(selection)]
    runnables, unavailable = prepare(here)
    assert ([runnable.name for runnable in runnables], unavailable) == ([selection.name for selection in here], [])


def test_a_plugin_file_and_every_file_of_a_folder(tmp_path):
    one = write_plugin(tmp_path / "one.py", "one")
    write_plugin(tmp_path / "folder" / "two.py", "two")
    write_plugin(tmp_path / "folder" / "three.py", "three")
    registry = Registry([one, tmp_path / "folder"])
    assert {"one", "two", "three", "keep_everything"} <= registry.plugins.keys()


def test_two_plugins_with_one_name_are_an_error_naming_both(tmp_path):
    one, two = write_plugin(tmp_path / "a" / "one.py", "mine"), write_plugin(tmp_path / "b" / "two.py", "mine")
    (reason,) = reasons_of(one, two)
    assert "'mine'" in reason
    assert str(one) in reason
    assert str(two) in reason


def test_a_plugin_with_the_name_of_a_built_in_is_an_error_naming_both(tmp_path):
    mine = write_plugin(tmp_path / "mine.py", "keep_everything")
    (reason,) = reasons_of(mine)
    assert "built in (keep_everything.py)" in reason
    assert str(mine) in reason


def test_all_unknown_names_are_reported_at_once_with_suggestions():
    reasons = reasons_of(names=("trafilatora", "keep_everything", "justekst", "zzzzzz"))
    assert len(reasons) == 3
    assert "'trafilatora'; did you mean 'trafilatura'?" in reasons[0]
    assert "'justekst'; did you mean 'justext'?" in reasons[1]
    assert "keep_everything" in reasons[2], "without a close name, the known ones are listed"


def test_a_file_of_that_name_is_what_was_meant(tmp_path, monkeypatch):
    write_plugin(tmp_path / "mine.py", "mine")
    monkeypatch.chdir(tmp_path)
    (reason,) = reasons_of(names=("mine",))
    assert reason == "unknown extractor 'mine'; to load mine.py, add it to the plugins"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def run(page): return ''\n", "declares no extractor"),
        ("import surely_not_here\n", "surely_not_here"),
        ("def run(:\n", "SyntaxError"),
        ("raise ValueError('not today')\n", "not today"),
        ("import sys; sys.exit(0)\n", "SystemExit"),
        ("from harness import extractor\n@extractor(media='text/pdf')\ndef run(page): ...\n", "'text/pdf'"),
        ("from harness import extractor\n@extractor(output='pdf')\ndef run(page): ...\n", "'pdf'"),
        (
            "from harness import extractor\n@extractor(outputs={'x': 'pdf'}, variants={'x': {}})\ndef run(page): ...\n",
            "'pdf'",
        ),
        ("from harness import extractor\n@extractor(requires=['>=3 lxml'])\ndef run(page): ...\n", "'>=3 lxml'"),
        ("from harness import extractor\n@extractor(requires='lxml')\ndef run(page): ...\n", "requires"),
        ("text = '\0'\n", "null"),
    ],
    ids=[
        "empty",
        "import",
        "syntax",
        "raises",
        "exits",
        "media",
        "output",
        "outputs",
        "requirement",
        "string for list",
        "nul",
    ],
)
def test_a_file_that_is_no_plugin_is_named_with_the_reason_and_so_are_all_others(tmp_path, source, words):
    bad, other = tmp_path / "bad.py", tmp_path / "other.py"
    bad.write_text(source)
    other.write_text("")
    reasons = reasons_of(bad, other, tmp_path / "absent.py")
    assert len(reasons) == 3
    (of_bad,) = [reason for reason in reasons if str(bad) in reason]
    assert words in of_bad
    assert any(str(other) in reason for reason in reasons)
    assert any("absent.py" in reason for reason in reasons)


def test_listing_imports_no_extraction_library():
    code = (
        "import sys; from harness.plugins.ready import fits_here; from harness.plugins.registry import Registry;"
        "r = Registry(); [fits_here(selection) for selection in r.select(r.all_names())];"
        "print(len(r.plugins), *sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert int(found[0]) > 10
    heavy = {"trafilatura", "lxml", "justext", "readability", "boilerpy3", "resiliparse", "html_text", "jiwer", "selectolax"}
    assert heavy.isdisjoint(found[1:])
