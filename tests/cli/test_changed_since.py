"""`harness gate` after something changed and nobody ran it again: the newest run says nothing of that."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from factories.places import needs_node
from factories.records import EVERYTHING, record, run_of
from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, OK
from harness.engine.cache import clear_cache
from harness.evaluation.changes import Change, changes_since
from harness.plugins.environments import clear_environments, environments_state
from harness.plugins.installed import packages
from harness.plugins.ready import code_of, tree_version
from harness.plugins.registry import Registry
from harness.runs.find import read_run
from harness.runs.record import Run

PAGE = (
    "<!doctype html><title>Tea</title><body><nav>Home</nav><article><p>Green tea is steeped at eighty degrees.</p></article>"
)
MATE = PAGE.replace("Green tea", "Mate")
GOLDEN = f"""golden: 2
page: tea.html
sha256: {sha256(PAGE.encode()).hexdigest()}
media: text/html
lang: en
kind: article
site: tea.example
labels:
  - {{keep: article, as: body}}
  - {{drop: nav, as: navigation}}
"""
EXTRACTOR = """from beside import clean

def mine(page):
    return clean(page.html.partition("<p>")[2].partition("</p>")[0])
"""
RUN = ["run", "-e", "./mine.py:mine", "-g", "pages"]


@pytest.fixture
def green(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """The id of a run that passes."""
    monkeypatch.chdir(tmp_path)
    Path("pages").mkdir()
    for name, text in {"pages/tea.html": PAGE, "pages/tea.yaml": GOLDEN, "mine.py": EXTRACTOR}.items():
        Path(name).write_text(text)
    Path("beside.py").write_text("def clean(text):\n    return text\n")
    assert main(RUN) == OK and main(["accept"]) == OK and main(["gate"]) == OK
    capsys.readouterr()
    return read_run().id


CHANGES = {  # a file, what it becomes, and what is told
    "its code": ("mine.py", "def mine(page):\n    return 'broken'\n", "the code of ./mine.py:mine has changed"),
    "its code, which cannot be loaded": ("mine.py", "def mine(", "cannot be loaded"),
    "a module beside it": (
        "beside.py",
        "def clean(text):\n    return 'broken'\n",
        "the code of ./mine.py:mine has changed",
    ),
    "a page": ("pages/tea.html", MATE, "are gone, or are broken by now"),
    "labels": ("pages/tea.yaml", GOLDEN.replace("as: navigation", "as: footer"), "pages, labels or facts have changed"),
}


@pytest.mark.parametrize(("file", "text", "told"), CHANGES.values(), ids=CHANGES)
def test_a_change_that_was_not_run_is_not_green(file, text, told, green, capsys):
    before = Path(file).read_text()
    Path(file).write_text(text)
    assert main(["gate"]) == CANNOT_TELL
    shown = " ".join(capsys.readouterr().out.split())
    assert told in shown and "harness run -e ./mine.py:mine -g pages" in shown
    assert main(["gate", green]) == OK, "a run that is named is judged as it was"
    Path(file).write_text(before)
    assert main(["gate"]) == OK, "what is back is what was measured"


def test_a_file_that_has_nothing_to_do_with_it_and_a_new_golden_do_not_matter(green):
    Path("other.py").write_text("1 / 0")
    Path("pages/mate.html").write_text(MATE)
    golden = GOLDEN.replace("tea.html", "mate.html").replace(*(sha256(page.encode()).hexdigest() for page in (PAGE, MATE)))
    Path("pages/mate.yaml").write_text(golden)
    assert main(["gate"]) == OK


CLEAN = "def clean(text):\n    return text\n"
SCRIPT = """import sys
from parts.words import clean
print(clean(sys.stdin.read().partition("<p>")[2].partition("</p>")[0]))
"""
OTHERS = {  # a name of the extractor, its files, and the one of them that is changed, to what
    "a module that a JavaScript module imports": (
        "./mine.mjs:default",
        {
            "mine.mjs": 'import clean from "./lib/clean.mjs";\nexport default (page) => clean(page.html);\n',
            "lib/clean.mjs": 'export { default } from "../words.cjs";\n',
            "words.cjs": 'module.exports = require("./more");\n',
            "more.js": 'module.exports = (html) => html.split("<p>")[1].split("</p>")[0];\n',
        },
        ("more.js", 'module.exports = () => "broken";\n'),
    ),
    "a script that a command's script calls": (
        "cmd:sh run.sh",
        {
            "run.sh": "exec python3 tools/main.py\n",
            "tools/main.py": SCRIPT,
            "tools/parts/__init__.py": "",
            "tools/parts/words.py": CLEAN,
        },
        ("tools/parts/words.py", CLEAN.replace("text\n", "'broken'\n")),
    ),
    "a file that is read on some pages only": (
        "./mine.py:mine",
        {
            "mine.py": "import pathlib\ndef mine(page):\n    words = page.html.partition('<p>')[2].partition('</p>')[0]\n"
            "    return words + (pathlib.Path('extra.txt').read_text() if 'Mate' in words else '')\n",
            "extra.txt": "",
            "pages/zz.html": MATE,
            "pages/zz.yaml": GOLDEN.replace("tea.html", "zz.html").replace(
                *(sha256(page.encode()).hexdigest() for page in (PAGE, MATE))
            ),
        },
        ("extra.txt", "broken"),
    ),
    "what a module that starts programs imports": (
        "./mine.py:mine",
        {
            "mine.py": "import subprocess\nfrom parts import clean\ndef mine(page):\n    subprocess.run(['true'])\n"
            "    return clean(page.html.partition('<p>')[2].partition('</p>')[0])\n",
            "parts.py": CLEAN,
        },
        ("parts.py", CLEAN.replace("text\n", "'broken'\n")),
    ),
}


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs_node if "Java" in kind else ()) for kind in OTHERS])
def test_what_an_extractor_is_made_of_in_turn_is_compared(kind, tmp_path, monkeypatch, capsys):
    name, files, (changed, text) = OTHERS[kind]
    monkeypatch.chdir(tmp_path)
    for path, content in {"pages/tea.html": PAGE, "pages/tea.yaml": GOLDEN, **files}.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(content)
    assert main(["run", "-e", name, "-g", "pages"]) == OK and main(["accept"]) == OK
    capsys.readouterr()
    assert main(["gate", "--json", "gate.json"]) == OK and main(["gate"]) == OK, "reports beside it are no change"
    assert ("not known what else" in " ".join(capsys.readouterr().out.split())) == ("read" not in kind)
    Path(changed).write_text(text)
    assert main(["gate"]) == CANNOT_TELL


def test_the_packages_of_an_isolated_environment_are_compared(green, capsys):
    assert main([*RUN, "--isolated"]) == OK and main(["gate"]) == OK
    (venv,) = environments_state().path.glob("python/*/venv")
    package = next(venv.glob("lib/python*/site-packages")) / "another-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Name: another\nVersion: 1.0\n")
    packages.cache_clear()
    assert main(["gate"]) == CANNOT_TELL
    assert "the packages" in capsys.readouterr().out
    shutil.rmtree(package)
    packages.cache_clear()
    assert main(["gate"]) == OK
    capsys.readouterr()
    clear_environments()
    assert main(["gate"]) == OK
    assert "could not be compared" in " ".join(capsys.readouterr().out.split()), "a green with less behind it says so"


def test_without_the_cache_a_green_says_what_was_not_compared(green, capsys):
    assert main(["gate"]) == OK and "not known what else" not in capsys.readouterr().out
    clear_cache()
    assert main(["gate"]) == OK and "not known what else" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("file", "text"),
    [("x.json", '{"pages/tea": "broken"}'), ("pages/tea.yaml", GOLDEN.replace("as: navigation", "as: footer"))],
)
def test_outputs_that_were_made_elsewhere_are_compared_with_their_files(file, text, green):
    Path("x.json").write_text('{"pages/tea": "Green tea is steeped at eighty degrees."}')
    assert main(["score", "x.json", "-g", "pages"]) == OK and main(["accept"]) == OK
    assert main(["gate", "-e", "x"]) == OK
    Path(file).write_text(text)
    assert main(["gate", "-e", "x"]) == CANNOT_TELL


def test_below_the_folder_of_the_run_it_is_compared_there(green, monkeypatch):
    Path("pyproject.toml").write_text("")
    Path("below").mkdir()
    monkeypatch.chdir("below")
    assert main(["gate"]) == OK
    Path("../beside.py").write_text("def clean(text):\n    return 'broken'\n")
    assert main(["gate"]) == CANNOT_TELL


def test_goldens_that_are_gone_from_the_folder_of_the_run_are_not_green(green):
    Path("pages").rename("moved")
    assert main(["gate"]) == CANNOT_TELL


def test_a_copy_of_the_project_is_compared_with_what_is_in_the_copy(green, tmp_path, monkeypatch):
    shutil.copytree(tmp_path, tmp_path / "copy", ignore=lambda folder, names: ["copy"])
    monkeypatch.chdir("copy")
    Path("pyproject.toml").write_text("")
    assert main(["gate"]) == OK
    Path("mine.py").write_text("def mine(page):\n    return 'broken'\n")
    assert main(["gate"]) == CANNOT_TELL


def test_a_source_tree_that_changed_after_the_run_is_told(tmp_path):
    (tmp_path / "core.py").write_text("x = 1\n")
    adapter = Registry().plugins["justext"]
    facts = {"justext": {"code": code_of(adapter)}}
    asked = {**EVERYTHING, "extractors": ["justext"], "local_packages": [str(tmp_path)], "goldens": ["https://a.example/p"]}
    versions = {"justext": f"3.0.2+tree.{tree_version(tmp_path)}"}
    run = run_of(record("justext"), versions=versions, arguments=asked, extractors=facts)
    assert changes(run, "justext") == []
    (tmp_path / "core.py").write_text("x = 2\n")
    assert changes(run, "justext") == ["the code of justext has changed since the run"]
    assert changes(run, "another") == [], "that is judged"


@pytest.mark.parametrize("is_same", [True, False])
def test_of_a_tree_that_is_gone_only_extractors_whose_code_is_the_same_are_named(is_same):
    codes = {"justext": code_of(Registry().plugins["justext"]) if is_same else "other", "keep_everything": "other"}
    asked = {**EVERYTHING, "extractors": [*codes], "local_packages": ["gone"], "goldens": ["https://a.example/p"]}
    run = run_of(*map(record, codes), arguments=asked, extractors={name: {"code": code} for name, code in codes.items()})
    told = [one.message for one in changes_since(run, [*codes]) if "packages" in one.message]
    assert told == ["the packages of justext were not compared with those of the run"] * is_same


def test_metrics_of_ones_own_and_goldens_with_an_address_are_said_not_to_be_compared():
    facts = {"justext": {"code": code_of(Registry().plugins["justext"])}}
    asked = {**EVERYTHING, "extractors": ["justext"], "goldens": ["https://a.example/p"]}
    run = run_of(record("justext"), arguments=asked, extractors=facts, metric_sources={"mine": "mine.py:mine"})
    told = [one.message for one in changes_since(run, ["justext"]) if not isinstance(one, Change)]
    assert any("goldens" in message for message in told) and any("mine" in message for message in told)


def changes(run: Run, *names: str) -> list[str]:
    return [one.message for one in changes_since(run, names) if isinstance(one, Change)]


def test_an_alias_that_stands_for_another_extractor_now_is_not_green(green, capsys):
    Path("other.py").write_text(EXTRACTOR)
    settings = "[tool.harness]\nextractors = ['tea=./mine.py:mine']\ngoldens = ['pages']\n"
    Path("pyproject.toml").write_text(settings)
    assert main(["run"]) == OK and main(["accept"]) == OK and main(["gate", "-e", "tea"]) == OK
    run = read_run().id
    Path("pyproject.toml").write_text(settings.replace("./mine.py", "./other.py"))
    capsys.readouterr()
    assert main(["gate", "-e", "tea"]) == CANNOT_TELL
    assert "tea was another extractor in the run than [tool.harness] names now" in " ".join(capsys.readouterr().out.split())
    assert main(["gate", run, "-e", "tea"]) == OK
