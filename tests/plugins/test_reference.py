"""Extractors named by what they are: a function of a module or a file, a command, a script."""

import json

import pytest

from factories.extractors import output_of
from factories.pages import text_page
from factories.plugins import only_runnable, reasons_of
from harness.plugins.registry import Registry
from harness.plugins.runnable import Runnable


def said_of(text: str, runnable: Runnable) -> str:
    return output_of(runnable, text_page(text))


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
