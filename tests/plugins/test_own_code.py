"""What an extractor consists of, as far as reading it shows that."""

from pathlib import Path

import pytest

from harness.plugins.own_code import called_by, own_code


@pytest.fixture
def names(tmp_path, monkeypatch):
    """Writes files, and gives the names of those that are found from the first of them, or from a command."""
    monkeypatch.chdir(tmp_path)

    def found(files: dict[str, str], command: str = "") -> set[str]:
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)
        places = called_by(command) if command else own_code(Path(next(iter(files))))
        return {str(place.relative_to(tmp_path)) for place in places}

    return found


def test_javascript_names_modules_by_relative_paths(names):
    files = {
        "a.mjs": 'import b from "./b.mjs"; import "./c.js";\nconst d = await import(`./d/index.js`); import e from "e";',
        "b.mjs": 'export * from "./data.json";\nconst u = new URL("./x.wasm", import.meta.url);',
        "c.js": 'const f = require("./f"), g = require("./g");\nconst path = "./unused.js";',
        **dict.fromkeys(["d/index.js", "data.json", "x.wasm", "f.cjs", "g/index.js"], ""),
    }
    assert names({**files, "unused.js": "", "e.js": ""}) == {*files}


def test_python_names_modules_beside_it_and_what_other_libraries_read(names):
    files = {
        "a.py": "import b\nfrom p.q import r\nfrom p import s\nX = parse(os.path.join(HERE, 'd', 'x.xsl'))",
        "b.py": "from pathlib import Path\nMODEL = Path(__file__).parent / 'models' / 'm.onnx'\n",
        "p/__init__.py": "",
        "p/q.py": "from . import t\nfrom .u import v\n",
        **dict.fromkeys(["p/s.py", "p/t.py", "p/u.py", "d/x.xsl", "models/m.onnx"], ""),
    }
    assert names({**files, "p/other.py": "", "notes.txt": ""}) == {*files}


@pytest.mark.parametrize("code", ['Path(__file__).with_suffix(".xsl")', 'HERE / f"{site}.xsl"', 'HERE / (site + ".xsl")'])
def test_an_ending_stands_for_all_files_beside_the_code_that_have_it(names, code):
    beside = dict.fromkeys(["a.xsl", "b.xsl", "c.xml", "deeper/d.xsl"], "")
    assert names({"a.py": code, **beside}) == {"a.py", "a.xsl", "b.xsl"}


def test_a_page_that_a_parser_in_c_reads_is_code_if_it_is_named(names):
    files = {"a.py": "RULE = html.parse(HERE / 'rule.html')\nENDING = '.html'", "rule.html": ""}
    assert names({**files, "page.html": ""}) == {*files}


def test_a_command_names_scripts_and_they_name_others(names):
    files = {
        "run.sh": "cd tools && ./clean --all | awk -f ../strip.awk > out.txt",
        "tools/main.py": "import helper",
        **dict.fromkeys(["tools/helper.py", "strip.awk", "pkg/__init__.py", "pkg/mod.py"], ""),
    }
    assert names({**files, "out.txt": "", "pkg/other.py": ""}, "sh run.sh") == {"run.sh", "strip.awk"}
    assert names({}, "python3 tools/main.py --in out.txt") == {"tools/main.py", "tools/helper.py"}
    assert names({}, "python3 -m pkg.mod") == {"pkg/__init__.py", "pkg/mod.py"}


def test_what_cannot_be_read_ends_the_search_and_nothing_else(names):
    files = {"a.py": "import b, c, d\n", "b.py": "def (", "c.py": "\0", "d.py": "import a\n"}
    assert names(files) == {*files}
