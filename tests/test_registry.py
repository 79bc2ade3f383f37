"""Where extractors come from, what can run here, and what is said about plugins that cannot be used."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import output_of, run_pages, text_page

from harness import extractor
from harness.engine.base import Answered, Loaded
from harness.pages.page import Page
from harness.plugins.ready import fits_here, prepare
from harness.plugins.registry import PluginError, Registry
from harness.plugins.runnable import Runnable

ECHO = "from harness import extractor\n\n@extractor\ndef {name}(page):\n    return page.text\n"


def write_plugin(path: Path, name: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ECHO.format(name=name))
    return path


def reasons_of(*plugins: Path, names: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(PluginError) as caught:
        Registry(plugins).select(names)
    return caught.value.reasons


def only_runnable(registry: Registry, name: str) -> Runnable:
    (runnable,), unavailable = prepare(registry.select([name]))
    assert not unavailable
    return runnable


def said_of(text: str, runnable: Runnable) -> str:
    return output_of(runnable, text_page(text))


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Makes a distribution with entry points that the interpreter and its children see as installed."""

    def install(name: str, entry_points: dict[str, str], modules: dict[str, str]) -> None:
        site = tmp_path / "site"
        info = site / f"{name.replace('-', '_')}-1.5.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
        lines = [f"{key} = {value}" for key, value in entry_points.items()]
        (info / "entry_points.txt").write_text("\n".join(["[harness.extractors]", *lines, ""]))
        for module, source in modules.items():
            (site / f"{module}.py").write_text(source)
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.setenv("PYTHONPATH", str(site))
        importlib.invalidate_caches()

    return install


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


def test_module_and_function_of_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain_module_here.py").write_text("def lower(page): return page.text.lower()\n")
    runnable = only_runnable(Registry(), "plain_module_here:lower")
    assert runnable.name == "plain_module_here:lower"
    assert said_of("LOUD", runnable) == "loud"


def test_file_and_function_with_a_path_and_a_library_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # A plugin file may be called like the library that it wraps.
    (tmp_path / "json.py").write_text("import json\ndef dump(page): return json.dumps([page.text])\n")
    assert json.loads(output_of(only_runnable(Registry(), "./json.py:dump"))) == ["a line of text"]


@pytest.mark.parametrize(
    "source",
    [
        "shout = lambda page: page.text.upper()\n",
        "import functools\ndef cry(page, end): return page.text.upper() + end\nshout = functools.partial(cry, end='')\n",
        "class Shouter:\n    def __call__(self, page): return page.text.upper()\nshout = Shouter()\n",
        "from harness import extractor\n@extractor\ndef cry(page): return page.text.upper()\nshout = cry\ndel cry\n",
    ],
    ids=["lambda", "partial", "object", "renamed"],
)
def test_any_callable_can_be_named_by_its_name_in_the_file(tmp_path, source):
    (tmp_path / "odd.py").write_text(source)
    assert output_of(only_runnable(Registry(), f"{tmp_path}/odd.py:shout")) == "A LINE OF TEXT"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("./absent.py:run", "no file './absent.py'"),
        ("surely_no_such_module:run", "surely_no_such_module"),
        ("./here.py:extrakt", "did you mean 'extract'?"),
        ("./here.py:number", "no function 'number'"),
        ("./here.py:", "no function ''"),
        (":extract", "cannot be loaded"),
        ("./broken.py:run", "SyntaxError"),
    ],
)
def test_a_reference_that_points_nowhere_says_where_it_breaks(tmp_path, monkeypatch, name, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.py").write_text("number = 3\ndef extract(page): return ''\n")
    (tmp_path / "broken.py").write_text("def run(:\n")
    (reason,) = reasons_of(names=(name,))
    assert repr(name) in reason
    assert words in reason


def test_a_plugin_file_and_every_file_of_a_folder(tmp_path):
    one = write_plugin(tmp_path / "one.py", "one")
    write_plugin(tmp_path / "folder" / "two.py", "two")
    write_plugin(tmp_path / "folder" / "three.py", "three")
    registry = Registry([one, tmp_path / "folder"])
    assert {"one", "two", "three", "keep_everything"} <= registry.plugins.keys()


def test_an_installed_package_offers_extractors(install):
    install(
        "fancy-extractors",
        {"fancy": "fancy_module:fancy", "plain": "fancy_module:undeclared"},
        {
            "fancy_module": "from harness import extractor\n"
            "@extractor(requires=['fancy-extractors>=1'], media='text/plain')\n"
            "def fancy(page): return page.text.upper()\n"
            "def undeclared(page): return page.text.lower()\n"
        },
    )
    registry = Registry()
    assert "fancy-extractors" in registry.plugins["fancy"].origin
    runnables, _ = prepare(registry.select(["fancy", "plain"]))
    events = list(run_pages([(r, [("key", Page(b"Text", "text/plain"))]) for r in runnables], jobs=1))
    assert {event.runnable.name: event.answer.text for event in events if isinstance(event, Answered)} == {
        "fancy": "TEXT",
        "plain": "text",
    }
    assert {event.runnable.name: event.version for event in events if isinstance(event, Loaded)} == {
        "fancy": "1.5",
        "plain": "1.5",
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("absent_module_of_it:run", "absent_module_of_it"),
        ("odd_module:absent", "absent"),
        ("odd_module:number", "odd"),
        ("odd_module", "odd"),
    ],
)
def test_a_package_whose_extractor_cannot_be_loaded_is_named(install, value, words):
    install("odd-extractors", {"odd": value}, {"odd_module": "number = 3\n"})
    (reason,) = reasons_of()
    assert "odd-extractors" in reason
    assert words in reason


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


def test_a_package_with_the_name_of_a_built_in_is_an_error_naming_both(install):
    install("rival", {"keep_nothing": "rival_module:run"}, {"rival_module": "def run(page): return ''\n"})
    (reason,) = reasons_of()
    assert "built in (keep_nothing.py)" in reason
    assert "package rival" in reason


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
    assert reason == "unknown extractor 'mine'; to load mine.py: --plugins mine.py"


def test_a_requirement_that_exists_nowhere_makes_an_extractor_unavailable_in_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    path = tmp_path / "needy.py"
    path.write_text(
        "from harness import extractor\n"
        "@extractor(requires=['no-such-distribution-of-ours==1', \"no-other-one; python_version < '3'\"])\n"
        "def needy(page): return ''\n"
    )
    selections = Registry([path]).select(["needy", "keep_nothing"])
    assert [fits_here(selection) for selection in selections] == [False, True]
    announced: list[str] = []
    runnables, (unavailable,) = prepare(selections, announce=announced.append)
    assert [runnable.name for runnable in runnables] == ["keep_nothing"]
    assert unavailable.name == "needy"
    assert "no-such-distribution-of-ours==1" in unavailable.reason
    assert "no-other-one" not in unavailable.reason
    assert "\n" not in unavailable.reason
    assert len(announced) == 1


@pytest.mark.parametrize(
    ("requires", "fits"),
    [
        ("'pytest'", True),
        ("'pytest>=9999'", False),
        ("'pytest', 'surely-not-here>=2'", False),
        ("\"pytest>=9999; python_version < '3'\"", True),
        ("'pytest', python='<3'", False),
        ("'pytest', python='>=3.8'", True),
    ],
)
def test_what_is_declared_as_required_decides_whether_this_environment_fits(tmp_path, requires, fits):
    requires, _, python = requires.partition(", python=")
    path = tmp_path / "needy.py"
    path.write_text(
        "from harness import extractor\n"
        f"@extractor(requires=[{requires}], python={python or repr('')})\n"
        "def needy(page): return ''\n"
    )
    (selection,) = Registry([path]).select(["needy"])
    assert fits_here(selection) is fits


@pytest.mark.parametrize("name", ["keep_everything@1.0", "mine@1.0", "trafilatura@"])
def test_a_release_of_what_has_no_releases_is_refused(tmp_path, name):
    (reason,) = reasons_of(write_plugin(tmp_path / "mine.py", "mine"), names=(name,))
    assert repr(name) in reason
    assert "release" in reason


@pytest.mark.parametrize("name", ["trafilatura@nonsense", "trafilatura@1.0 or so", "trafilatura@1.0; echo"])
def test_a_release_that_is_no_version_is_refused(name):
    (reason,) = reasons_of(names=(name,))
    assert repr(name) in reason


def test_a_release_binds_the_first_requirement_and_leaves_the_others(tmp_path):
    path = tmp_path / "wrapper.py"
    path.write_text(
        "from harness import extractor\n"
        "@extractor(requires=['tidepool[fast,all]>=2', 'pytest>=1'], variants={'loud': {'mark': '!'}})\n"
        "def wrapper(page): return ''\n"
    )
    plain, released, variant = Registry([path]).select(["wrapper", "wrapper@1.5", "wrapper/loud@1.5"])
    assert plain.requires == ("tidepool[fast,all]>=2", "pytest>=1")
    assert released.requires == ("tidepool[all,fast]==1.5", "pytest>=1")
    assert (released.name, variant.name) == ("wrapper@1.5", "wrapper/loud@1.5")
    assert (released.options, variant.options) == ({}, {"mark": "!"})


def test_a_release_of_an_installed_package_without_requirements_is_that_of_the_package(install):
    install("plain-extractors", {"plain": "plain_module:plain"}, {"plain_module": "def plain(page): return ''\n"})
    (selection,) = Registry().select(["plain@1.4"])
    assert selection.requires == ("plain-extractors==1.4",)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cmd:", "no program ''"),
        ("cmd:surely-no-such-program --flag", "no program 'surely-no-such-program'"),
        ("protocol:./absent-tool --serve", "no program './absent-tool'"),
        ("cmd:cat 'half a quotation", "not a command line"),
        ("./absent.mjs:extract", "no file './absent.mjs'"),
    ],
)
def test_a_command_or_script_that_is_not_there_says_so(tmp_path, monkeypatch, name, words):
    monkeypatch.chdir(tmp_path)
    (reason,) = reasons_of(names=(name,))
    assert repr(name) in reason
    assert words in reason


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


def test_an_extractor_can_be_called_as_the_function_that_it_is():
    @extractor(variants={"x": {"mark": "!"}})
    def mine(page, mark="."):
        """First line.

        More.
        """
        return page + mark

    assert (mine("text"), mine("text", mark="!"), mine.summary) == ("text.", "text!", "First line.")


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
