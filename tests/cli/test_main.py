"""What all commands share: help, options that are refused, and readers that go away."""

import os
import re
import subprocess
import sys

import pytest

from factories.tiny import runs
from harness import __version__
from harness.cli.main import main, parser_for
from harness.common.errors import IMPOSSIBLE, UNEXPECTED


@pytest.mark.parametrize(
    "words",
    [
        ["run", "-j", "0"],
        ["run", "-j", "many"],
        ["run", "--timeout", "0"],
        ["run", "--timeout", "nan"],
        ["run", "--timeout", "-1"],
        ["run", "--repeat", "0"],
        ["run", "--shard", "3/2"],
        ["run", "--resume", "latest", "-g", "tiny"],
        ["merge"],
        ["run", "--format", "xml"],
        ["run", "--by", "colour"],
        ["run", "extra"],
        ["run", "--plugins", "absent"],
        ["show", "--worst", "0"],
        ["list"],
        ["list", "secrets"],
        ["new", "golden", "absent.html"],
        ["new", "golden", "goldens/tiny/ferry.html"],
        ["check", "absent"],
        ["shwo"],
        ["--debug"],
    ],
    ids=" ".join,
)
def test_a_bad_option_is_exit_code_2_with_a_message_and_nothing_runs(tiny, capsys, words):
    try:
        code = main(words)
    except SystemExit as ending:
        code = ending.code
    out, err = capsys.readouterr()
    assert code == 2
    assert "harness" in err
    assert "Traceback" not in err
    assert out == ""
    assert runs() == []


@pytest.mark.parametrize(
    "words", [[], ["run"], ["show"], ["merge"], ["cache"], ["check"], ["list"], ["new"], ["new", "golden"]], ids=" ".join
)
def test_every_command_has_help(capsys, words):
    assert main([*words, "--help"]) == 0
    assert "exit codes:" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["list", "kinds"],
        ["show"],
        ["show", "--format", "json"],
        ["show", "--format", "csv"],
        ["show", "--page", "tiny/ferry", "-e", "quiet"],
    ],
    ids=" ".join,
)
def test_a_reader_that_goes_away_is_no_error(tiny_run, monkeypatch, words):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # so that what is left is written at the end, as usual
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run([sys.executable, "-m", "harness", *words], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert process.stderr == ""
    assert process.returncode == 0


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom harness.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\nprint('modules', *sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    modules = {name.partition(".")[0] for name in out.rpartition("modules")[2].split()}
    assert modules.isdisjoint({"rich", "jiwer", "rapidfuzz", "selectolax", "yaml", "regex", "packaging", "trafilatura"})


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["shwo"], "show"),
        (["extractors"], "extract"),
        (["run", "--extractr", "a"], "--extractor"),
        (["run", "--goldnes=core"], "--goldens"),
        (["new", "extractor", "mine", "--hlep"], "--help"),
    ],
    ids=" ".join,
)
def test_a_mistyped_command_or_option_is_answered_with_the_one_that_was_meant(words, meant, capsys):
    assert main(words) == 2
    assert f"did you mean {meant!r}?" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["gate", "--wrong"], ["accept", "--wrong"], ["new", "extractor", "mine", "--wrong"]])
def test_an_unknown_option_is_refused_with_the_usage_of_its_command(words, capsys):
    assert main(words) == 2
    said = capsys.readouterr().err
    command = " ".join(words[:2] if words[0] == "new" else words[:1])
    assert said.startswith(f"usage: harness {command} [-h]") and f"harness {command}: error: unrecognized" in said


@pytest.mark.parametrize("where", ["harness.cli.commands.show", "harness.cli.project"])
def test_ctrl_c_while_a_command_is_loaded_is_no_traceback(where, tiny, monkeypatch, capsys):
    (tiny / "pyproject.toml").write_text("[tool.harness]\n")

    class Interrupted:
        def find_spec(self, name, path=None, target=None):
            if name == where:
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, where, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    assert main(["show"]) == 130
    assert capsys.readouterr().err == "harness: interrupted\n"


def test_the_help_says_what_commands_there_are(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^ +reproduce +compare", out, re.MULTILINE), "names and what they do stand side by side"
    assert "first steps:" in out


def test_harness_alone_says_what_it_is_what_is_there_and_what_to_do_next(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert main([]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"harness {__version__}\n")
    commands = re.findall(r"^  (harness .+)$", out.partition("\nNext:\n")[2].partition("\n\n")[0], re.M)
    assert len(commands) == 3 and all(parser_for(words := line.split()[1:]).parse_args(words) for line in commands)
    paragraphs = out.split("\n\n")
    assert all(len(line) <= 40 for line in paragraphs[1].splitlines())
    words = set(paragraphs[2].replace(",", " ").replace(".", " ").split())
    assert {"line_density", "body_text_extraction"} <= words, "names stay whole"
    assert "keep_everything" not in words, "references are nothing to begin with"


def test_harness_alone_says_how_to_get_extractors_where_there_are_none(capsys, monkeypatch):
    monkeypatch.setattr("harness.plugins.ready.packages", lambda path: {})
    assert main([]) == 0
    assert "pip install 'extraction-harness[extractors]'" in " ".join(capsys.readouterr().out.split())


def test_what_goes_wrong_before_a_command_begins_never_says_worse(tmp_path, monkeypatch, capsys):
    assert main(["run", "-o", "x" * 300]) == IMPOSSIBLE
    assert capsys.readouterr().err.startswith(f"harness: {'x' * 300}: ")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert main(["gate"]) == IMPOSSIBLE
    assert "the current folder cannot be read" in capsys.readouterr().err


def test_a_mistake_of_the_harness_before_a_command_begins_has_the_code_of_one(monkeypatch, capsys):
    def broken(words):
        raise RuntimeError("surprise")

    monkeypatch.setattr("harness.cli.main.parser_for", broken)
    for words, traceback in ((["gate"], False), (["gate", "--debug"], True)):
        assert main(words) == UNEXPECTED
        err = capsys.readouterr().err
        assert "internal error: RuntimeError: surprise" in err and ("Traceback" in err) == traceback
