"""What users add: the examples of docs/extending.md in an installed package, metrics of files, and what goes wrong."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from factories.tiny import runs
from harness.cli.main import main
from harness.common import extensions
from harness.common.errors import Impossible
from harness.datasets import DATASET_FORMATS
from harness.fuzz.catalogue import OPERATORS
from harness.metrics import FAMILIES, METRICS
from harness.metrics import base as metrics_base
from harness.metrics.choice import metric_names, usual_metrics
from harness.runs.file import Run, read_run_file

DOC = Path(__file__).resolve().parents[2] / "docs" / "extending.md"
EXAMPLES = dict(re.findall(r"^```\w+\n# (\S+)\n(.*?)^```$", DOC.read_text("utf-8"), re.M | re.S))
(ENTRY_POINTS,) = re.findall(r"^```toml\n(.*?)^```$", DOC.read_text("utf-8"), re.M | re.S)

METRIC = "from harness.metrics import metric\n\n@metric\ndef {name}(case):\n    return {value}\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty folder to work in, with an output cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def install(site: Path, name: str, entry_points: str, modules: dict[str, str]) -> None:
    """A distribution in a folder: what an installer makes of a wheel."""
    info = site / f"{name.replace('-', '_')}-1.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
    (info / "entry_points.txt").write_text(entry_points)
    for module, source in modules.items():
        file = site / module
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    returncode: int
    stdout: str
    stderr: str


def harness(*arguments: str) -> Done:
    """A command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Done(code, out.getvalue(), err.getvalue())


def harness_with(site: Path, *arguments: str) -> Done:
    """A command in a process of its own, which sees what is installed in a folder too."""
    command = [sys.executable, "-m", "harness", *arguments]
    env = os.environ | {"PYTHONPATH": str(site)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def write(name: str, source: str) -> str:
    Path(name).write_text(textwrap.dedent(source))
    return name


def write_pages() -> str:
    write("listed.py", EXAMPLES["listed.py"])
    return write("pages.json", EXAMPLES["pages.json"])


def last_run() -> Run:
    return read_run_file(runs()[-1])


# What the page shows, as a package. From files, tests/docs/test_console.py runs it.


@pytest.fixture
def acme(project):
    """The folder in which a package with the page's examples is installed, as the page says how."""
    site = project / "site"
    examples = {f"acme_quality/{name}": source for name, source in EXAMPLES.items() if name.endswith(".py")}
    entry_points = re.sub(r'"(harness\.\w+)"', r"\1", ENTRY_POINTS).replace("project.entry-points.", "").replace('"', "")
    install(site, "acme-quality", entry_points, {"acme_quality/__init__.py": "", **examples})
    (project / "pages.json").write_text(EXAMPLES["pages.json"])
    return site


def test_an_installed_metric_and_dataset_format_are_run_and_stored(acme):
    done = harness_with(acme, "run", "-e", "keep_everything", "-g", "listed:pages.json", "-m", "shouting")
    assert done.returncode == 0, done.stderr
    run = last_run()
    assert [(record.golden, record.scores["shouting"]) for record in run.records] == [
        ("listed/ferry", 0),
        ("listed/winch", 0),
    ]
    assert run.header.definitions["shouting"] == 1
    assert run.header.metric_sources == {"shouting": "package acme-quality"}
    assert "shouting" in harness_with(acme, "show", "-m", "shouting").stdout


def test_outputs_made_elsewhere_are_scored_by_an_installed_metric_in_other_processes(acme, project):
    (project / "mine.json").write_text(json.dumps({"ferry": "IT sails AT noon", "winch": "It was oiled"}))
    done = harness_with(acme, "score", "mine.json", "-g", "listed:pages.json", "-m", "shouting", "-j", "2")
    assert done.returncode == 0, done.stderr
    assert [record.scores["shouting"] for record in last_run().records] == [0.5, 0.0]


@pytest.mark.slow
def test_an_installed_operator_runs_in_the_matrix_and_in_a_search(acme):
    options = ["--operators", "X1", "-e", "line_density", "-g", "core", "--lang", "es"]
    done = harness_with(acme, "fuzz", *options, "--format", "json", "-j", "2")
    assert done.returncode == 0, done.stderr
    assert {cell["code"] for cell in json.loads(done.stdout)["cells"]} == {"X1"}
    assert harness_with(acme, "fuzz", *options, "--search", "--examples", "5").returncode == 0


def test_an_installed_report_format_writes_a_run(acme):
    options = ["-e", "keep_everything", "-g", "core/accordion-wordpress-comments"]
    done = harness_with(acme, "run", *options, "--format", "brief")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"keep_everything 0\.\d{3}\n", done.stdout)
    assert harness_with(acme, "show", "--format", "brief", "-o", "brief.txt").returncode == 0
    assert Path("brief.txt").read_text() == done.stdout
    wrong = harness_with(acme, "show", "--format", "breif")
    assert wrong.returncode == 2 and "did you mean 'brief'?" in wrong.stderr


def test_a_plugin_file_offers_a_report_format_by_the_line_of_the_page(project):
    (line,) = re.findall(r"`(BRIEF = .*?)`", DOC.read_text("utf-8"))
    write("brief.py", f"from harness.report.run_format import RunFormat\n{EXAMPLES['brief.py']}\n{line}\n")
    options = ["-e", "keep_everything", "-g", "core/accordion-wordpress-comments"]
    done = harness("run", *options, "--plugins", "brief.py", "--format", "brief")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"keep_everything 0\.\d{3}\n", done.stdout)


def test_lists_name_what_packages_add_behind_what_comes_with_the_harness(acme):
    listed = harness_with(acme, "list", "metrics").stdout.splitlines()
    assert listed[-1].split()[0] == "shouting"
    assert "listed:PATH (package acme-quality)" in harness_with(acme, "list", "datasets").stdout
    assert "X1" in harness_with(acme, "list", "operators").stdout


# What is wrong is told


BROKEN = {
    "metrics": {
        "lost = absent_module:x": "metric 'lost' cannot be loaded: ModuleNotFoundError",
        "number = odd_module:number": "metric 'number' is no metric: it is of type int, not a function of a Case",
        "clash = odd_module:F": "two metrics are called 'F': built in and package odd; the first is used, rename the other",
        "spaced = odd_module:spaced": "metric left out: 'a b' is no name",
    },
    "datasets": {
        "lost = absent_module:x": "dataset format 'lost' cannot be loaded: ModuleNotFoundError",
        "number = odd_module:number": "dataset format 'number' is no dataset format: it is of type int",
        "clash = odd_module:AEB": "two dataset formats are called 'aeb': built in and package odd",
    },
    "operators": {
        "lost = absent_module:x": "operator 'lost' cannot be loaded: ModuleNotFoundError",
        "number = odd_module:number": "operator 'number' is no operator: it is of type int",
        "clash = odd_module:Wrap": "two operators are called 'Wrap': built in and package odd",
        "bare = odd_module:Bare": "operator left out: Bare has no title, nature, relations",
        "idle = odd_module:Idle": "operator left out: NotImplementedError: Idle.matrix_instances is missing",
    },
}
ODD = {
    "metrics": METRIC.format(name="F", value=1) + "spaced = metric(name='a b')(len)\nnumber = 3\n",
    "datasets": "from harness.datasets import DatasetFormat\nAEB = DatasetFormat('aeb', '', list)\nnumber = 3\n",
    "operators": EXAMPLES["capitals.py"].replace("Capitals", "Wrap")
    + "class Bare(TextOperator):\n    code = 'X2'\n"
    + "class Idle(Bare):\n    title, nature, relations = '', 'same', ()\n"
    + "number = 3\n",
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_a_package_offers_in_vain_is_told_once_and_the_command_goes_on(project, what):
    entry_points = "\n".join([f"[harness.{what}]", *BROKEN[what]])
    install(project / "site", "odd", entry_points, {"odd_module.py": ODD[what]})
    done = harness_with(project / "site", "list", what)
    assert done.returncode == 0, done.stderr
    told = done.stderr.splitlines()
    assert len(told) == len(BROKEN[what])
    for words in BROKEN[what].values():
        (line,) = (line for line in told if words in line)
        assert "package odd" in line
    assert len(done.stdout.splitlines()) > 10, "the others are there"


def test_a_broken_package_is_not_told_where_nobody_needs_it(project):
    install(project / "site", "odd", "[harness.metrics]\nlost = absent_module:x\n", {})
    assert harness_with(project / "site", "list", "kinds").stderr == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("./absent.py:mine", "no file './absent.py'"),
        ("./mine.py:mien", "did you mean 'mine'?"),
        ("./mine.py:number", "is no metric: it is of type int"),
        ("./broken.py:mine", "SyntaxError"),
        ("absent_module_of_ours:mine", "ModuleNotFoundError"),
        ("./clash.py:F", "clash.py:F; rename the second"),
    ],
)
def test_a_metric_named_by_its_file_that_is_not_there_is_an_impossible_request(project, name, words):
    write("mine.py", METRIC.format(name="mine", value=1) + "number = 3\n")
    write("broken.py", "def mine(:\n")
    write("clash.py", METRIC.format(name="F", value=1))
    done = harness("run", "-e", "keep_everything", "-g", "core", "-m", name)
    assert done.returncode == 2
    assert words in done.stderr
    assert not Path("reports").exists()


def test_a_plugin_file_that_cannot_be_loaded_ends_any_command_with_3(project):
    write("broken.py", "1 / 0\n")
    for command in (["list", "metrics"], ["show"], ["run", "-e", "keep_everything", "--limit", "1"]):
        done = harness(*command, "--plugins", "broken.py")
        assert done.returncode == 3
        assert "broken.py cannot be loaded" in done.stderr and "ZeroDivisionError" in done.stderr


def test_a_plugin_file_need_not_declare_an_extractor_but_something(project):
    write("mine.py", METRIC.format(name="mine", value=1))
    write("nothing.py", "number = 3\n")
    assert harness("list", "extractors", "--plugins", "mine.py").returncode == 0
    assert "declares no extractor" in harness("list", "extractors", "--plugins", "nothing.py").stderr


# A metric of a file


def run_with(*options: str) -> Done:
    write_pages()
    return harness("run", "-e", "keep_everything", "--plugins", "listed.py", "-g", "listed:pages.json", *options)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("'much'", "TypeError: its value is 'much' and no number"),
        ("float('nan')", "ValueError: its value is nan"),
        ("[1, 2]", "TypeError: float() argument"),
        ("exit('no')", "SystemExit: no"),
    ],
)
def test_a_metric_that_fails_has_no_value_and_page_and_reason_are_told_and_stored(project, value, reason):
    write("bad.py", METRIC.format(name="bad", value=value))
    done = run_with("-m", "./bad.py:bad", "-m", "F")
    assert done.returncode == 3
    assert f"metric bad failed on 2 outputs and has no value there: {reason}" in done.stderr
    assert "keep_everything on listed/ferry" in done.stderr
    for record in last_run().records:
        assert record.scores["bad"] is None
        assert record.scores["F"] is not None
        assert record.unscored["bad"].startswith(reason)


def test_a_metric_that_fails_over_all_pages_is_told(project):
    source = "from harness.metrics import metric\n@metric(over=lambda pages: 1 / 0)\ndef bad(case):\n    return 1\n"
    write("bad.py", source)
    done = run_with("-m", "./bad.py:bad")
    assert done.returncode == 3
    assert done.stderr.count("metric bad has no value over pages, because it failed: ZeroDivisionError") == 1


def test_values_may_be_truth_values_and_numbers_of_numpy(project):
    write(
        "odd.py", METRIC.format(name="odd", value="__import__('numpy').float32(0.5) if 'ferry' in case.golden.id else True")
    )
    assert run_with("-m", "./odd.py:odd").returncode == 0
    assert [record.scores["odd"] for record in last_run().records] == [0.5, 1.0]


def test_a_plain_function_is_a_metric_by_its_name_in_the_file(project):
    write("plain.py", "def as_long(case):\n    return min(1, len(case.text) / len(case.golden.main_content))\n")
    assert run_with("-m", "plain.py:as_long").returncode == 0
    assert [record.scores["as_long"] for record in last_run().records] == [1, 1]


def test_a_run_with_a_metric_that_is_not_known_any_more_is_read_by_every_command(project):
    write("mine.py", METRIC.format(name="mine", value="len(case.text) % 7 / 7"))
    # On pages of which nothing is known, it is the only metric with a value.
    write("mine.py", Path("mine.py").read_text().replace("@metric", "@metric(applies=lambda golden: True)"))
    write_pages()
    both = ["-e", "keep_everything", "-e", "keep_nothing"]
    for _ in range(2):
        harness("run", *both, "--plugins", "listed.py", "-g", "listed:pages.json", "-m", "./mine.py:mine", "-m", "F")
    told = "was scored by metrics that are not known here and not shown: mine"
    assert harness("accept").returncode == 0
    for command in (
        ["show"],
        ["show", "--worst", "1"],
        ["show", "--ranks"],
        ["compare", "keep_everything", "keep_nothing"],
        ["compare", "latest~1", "latest"],
        ["gate"],
        ["scorecard", "-o", "card.md"],
    ):
        done = harness(*command)
        assert done.returncode == 0, (command, done.stderr)
        assert told in done.stderr, command
        assert "mine.py" in done.stderr, "where it was"
    assert harness("show", "-m", "mine").returncode == 2
    shown = harness("show", "-m", "./mine.py:mine")
    assert "mine" in shown.stdout
    assert told not in shown.stderr
    compared = harness("compare", "keep_everything", "keep_nothing", "-m", "./mine.py:mine")
    assert "by mine" in compared.stdout
    assert told not in compared.stderr


def test_a_run_that_only_an_unknown_metric_has_values_of_is_shown(project):
    write("mine.py", METRIC.format(name="mine", value=1).replace("@metric", "@metric(applies=lambda golden: True)"))
    write("listed.py", EXAMPLES["listed.py"].replace('text=row["text"]', "flags=('unlabelled',)"))
    write("pages.json", EXAMPLES["pages.json"])
    plugins = ["--plugins", "listed.py", "-g", "listed:pages.json"]
    assert harness("run", "-e", "keep_everything", *plugins, "-m", "./mine.py:mine").returncode == 0
    assert last_run().records[0].scores["mine"] == 1
    assert harness("show").returncode == 0
    card = harness("scorecard", "-o", "card.md")
    assert card.returncode == 3 and "has no score of a metric that is known here" in card.stderr


def test_another_version_of_a_metric_is_not_compared(project):
    for version in (1, 10):  # of another length, since Python keeps what it compiled of a file of equal size in one second
        write("mine.py", METRIC.format(name="mine", value=1).replace("@metric", f"@metric(version={version})"))
        assert run_with("-m", "./mine.py:mine").returncode == 0
    done = harness("compare", "latest~1", "latest", "-m", "./mine.py:mine")
    assert done.returncode == 3
    assert "the definition of mine changed" in done.stderr


def test_a_resumed_run_computes_the_metric_of_a_file_for_the_rest(project):
    write("mine.py", METRIC.format(name="mine", value="0.25"))
    assert run_with("-m", "./mine.py:mine").returncode == 0
    (path,) = Path("reports/runs").glob("*.jsonl")
    *lines, _, _ = path.read_text().splitlines(keepends=True)  # without the last record and the footer
    path.write_text("".join(lines))
    write("mine.py", METRIC.format(name="mine", value="0.25").replace("@metric", "@metric(version=2)"))
    done = harness("run", "--resume")
    assert done.returncode == 3
    assert "the definitions" in done.stderr
    write("mine.py", METRIC.format(name="mine", value="0.25"))
    done = harness("run", "--resume")
    assert done.returncode == 0, done.stderr
    assert [record.scores["mine"] for record in read_run_file(path).records] == [0.25, 0.25]


def test_the_pytest_plugin_computes_it_and_says_why_it_has_no_value(project):
    write("mine.py", METRIC.format(name="mine", value="0.25 if 'ferry' in case.text else 1 / 0"))
    write_pages()
    install(project / "site", "acme", "[harness.datasets]\nlisted = listed:LISTED\n", {"listed.py": EXAMPLES["listed.py"]})
    write(
        "test_mine.py",
        """
        def test_fixture(harness):
            golden = harness.goldens("listed:pages.json")[0]
            record = harness.score(golden, "the ferry", metrics=["./mine.py:mine"])
            assert dict(record.scores) == {"mine": 0.25}
        """,
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "test_mine.py"]
    command += ["--harness-goldens", "listed:pages.json", "--harness-extractor", "keep_everything"]
    done = subprocess.run(
        [*command, "--harness-min", "./mine.py:mine=0.5"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(project / "site")},
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert "mine has no value on this page, since the metric failed: ZeroDivisionError" in done.stdout
    assert "Traceback" not in done.stdout


# Dataset formats and operators that fail


def test_a_dataset_format_that_fails_names_itself_and_the_path(project):
    write_pages()
    write("pages.json", '[{"name": "ferry"}]')
    done = harness("run", "-e", "keep_everything", "--plugins", "listed.py", "-g", "listed:pages.json")
    assert done.returncode == 2
    assert "pages.json: the format listed (" in done.stderr
    assert "listed.py) failed: KeyError: 'site'" in done.stderr


def test_a_golden_that_a_format_cannot_load_is_broken_and_the_others_are_measured(project):
    write_pages()
    write(
        "listed.py", EXAMPLES["listed.py"].replace("def golden(row):", "def golden(row):\n    assert row['name'] != 'ferry'")
    )
    done = harness("run", "-e", "keep_everything", "--plugins", "listed.py", "-g", "listed:pages.json")
    assert done.returncode == 3
    assert "failed on listed/ferry: AssertionError" in done.stderr
    assert [record.golden for record in last_run().records] == ["listed/winch"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_operator_that_fails_is_told_and_the_others_are_measured(project, jobs):
    write(
        "bad.py", EXAMPLES["capitals.py"].replace("if not self.on:", "if self.on:\n            return 1 / 0\n        else:")
    )
    options = ["--operators", "X1,T1", "-e", "line_density", "-g", "core", "--lang", "es", "-j", jobs, "--format", "json"]
    done = harness("fuzz", "--plugins", "bad.py", *options)
    assert done.returncode == 3
    assert done.stderr.count("failed: ZeroDivisionError: division by zero") == 1
    assert {cell["code"] for cell in json.loads(done.stdout)["cells"]} == {"T1"}


# What is missing, and what is not loaded


def test_metrics_of_a_benchmark_whose_modules_are_missing_are_told_with_the_command_that_brings_them(monkeypatch):
    there = metrics_base.find_spec
    monkeypatch.setattr(metrics_base, "find_spec", lambda name: None if name == "bs4" else there(name))
    metrics, (note,) = usual_metrics(["aeb", "webmainbench"])
    assert "aeb.F" in metrics and "webmainbench.text" not in metrics
    assert note.startswith("The metrics of webmainbench are left out: ")
    assert note.endswith("bs4 not installed: python -m pip install 'extraction-harness[benchmarks]'")
    with pytest.raises(Impossible, match=r"bs4 not installed: python -m pip install 'extraction-harness\[benchmarks\]'"):
        metric_names(["webmainbench.text"])


def test_a_run_says_once_which_metrics_it_leaves_out(project, monkeypatch, capsys):
    there = metrics_base.find_spec
    monkeypatch.setattr(metrics_base, "find_spec", lambda name: None if name == "bs4" else there(name))
    write("listed.py", EXAMPLES["listed.py"].replace("entries)", "entries, metrics=('webmainbench',))"))
    write("pages.json", EXAMPLES["pages.json"])
    code = main(["run", "-e", "keep_everything", "--plugins", "listed.py", "-g", "listed:pages.json"])
    assert code == 0
    assert capsys.readouterr().err.count("python -m pip install 'extraction-harness[benchmarks]'") == 1


def test_help_and_import_load_no_extension():
    code = (
        "import sys, harness, harness.cli.main\n"
        "try: harness.cli.main.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith(('harness.metrics', 'harness.datasets', 'harness.fuzz'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_plugin_files_are_in_use_only_as_long_as_a_command_runs(project):
    write("mine.py", METRIC.format(name="mine", value=1))
    with extensions.plugin_files([Path("mine.py")]):
        assert METRICS["mine"].name == "mine"
        assert FAMILIES.origin("mine") == str(project / "mine.py")
    assert "mine" not in METRICS


def test_what_comes_with_the_harness_says_where_it_stands():
    for registry in (FAMILIES, DATASET_FORMATS):
        orders = [one.order for one in registry.built_in()]
        assert orders == sorted(set(orders))
        assert max(orders) < extensions.OTHERS
    harms = [(one.media, one.harm) for one in OPERATORS.built_in() if not one.probed]
    assert len(harms) == len(set(harms))
    assert max(harm for _, harm in harms) < extensions.OTHERS
