"""Twelve tasks of somebody who has only the package: `make stranger`.

Builds the package, installs it into a new virtual environment, and does each task there, in an empty folder, with the
commands that a person would type. Prints the number of commands and the seconds of each task; ends with 1 if one fails.
Nothing is fetched but packages.
"""

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEWER = "99.0.0"  # the version that the task `upgrade` installs


@dataclass(frozen=True)
class Step:
    """A command, and what must come of it."""

    command: str
    """As it is typed into bash."""
    code: int = 0
    """Its exit code."""
    shows: str = ""
    """A regular expression that its output must have."""
    hides: str = ""
    """One that its output must not have."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Files that are written before, by name: what a person does in an editor."""


EXTRACTOR = """import re


def paragraphs(page):
    return "\\n".join(re.sub("<[^>]+>", "", one) for one in re.findall("(?is)<p[ >].*?</p>", page.html))
"""
WORSE = EXTRACTOR.replace('<p[ >].*?</p>"', '<p>.*?</p>"')  # an innocent tidying: paragraphs with a class are gone
PAGE = """<!doctype html>
<html lang="en"><head><title>The pond | Valley News</title></head>
<body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<main>
<h1>The pond froze over</h1>
<p>The pond behind the school froze over on Tuesday night, two weeks earlier than last year.</p>
<p>Skaters must wait: the ice is four centimetres thick, and the town wants ten before it opens the gate.</p>
</main>
<aside><h2>Read also</h2><p>The dam leaks again, and nobody knows why.</p></aside>
</body></html>
"""
TEXT = "".join(re.findall(r"<p>(The pond.*|Skaters.*)</p>\n", PAGE))
SCHEMA = "$(harness list schemas | awk '/^golden / { print $NF }')"

TASKS = {
    "first table": [Step("harness run", shows=r"trafilatura +\d+ .*\.\d{3}")],
    "own extractor": [
        Step(
            "harness run -g core -e mine.py:paragraphs -e trafilatura",
            shows="mine.py:paragraphs",
            files={"mine.py": EXTRACTOR},
        ),
        Step("harness show --worst 3 -e mine.py:paragraphs", shows="core/"),
    ],
    "gate in CI, with a regression": [
        Step("harness accept", shows=r"baseline\.json: \d+ rows"),
        Step("harness run -g core -e mine.py:paragraphs -e trafilatura", files={"mine.py": WORSE}),
        Step("harness gate --junit gate.xml --markdown gate.md", code=1, shows="worse than .*mine.py:paragraphs"),
        Step("harness run -g core -e mine.py:paragraphs -e trafilatura", files={"mine.py": EXTRACTOR}),
        Step("harness gate", shows="nothing is worse"),
    ],
    "compare": [
        Step("harness run -g core -e justext -e trafilatura", shows="justext"),
        Step("harness compare justext trafilatura", shows="B is better"),
    ],
    "scorecard": [
        Step("harness scorecard -o scorecard.html", shows=r"scorecard\.html: [\d,]+ bytes"),
        Step("grep -c '<svg' scorecard.html", shows="[1-9]"),
    ],
    "own golden": [
        Step("harness new golden pages/pond.html", shows="pages/pond.yaml", files={"pages/pond.html": PAGE}),
        Step('sed -i.old \'s/{drop: "main > p"/{keep: "main > p"/; s/{drop: h1/{maybe: h1/\' pages/pond.yaml'),
        Step("harness check pages", shows="1 right"),
        Step("harness run -g pages -e trafilatura", shows=r"trafilatura +2?\S* +1 "),
    ],
    "dataset of a local folder": [
        Step(
            "harness run -g folder:mine -e trafilatura -m F",
            shows=r"trafilatura",
            files={"mine/pond.html": PAGE, "mine/pond.txt": TEXT},
        )
    ],
    "JSON": [
        Step("harness show latest --format json -o table.json"),
        Step("python -m json.tool table.json", shows='"name": "trafilatura"'),
    ],
    "a page of the documentation": [
        Step("harness docs", shows="gate +The gate"),
        Step("harness docs gate", shows="^# The gate"),
    ],
    "schema validation": [
        Step("python -m pip install --quiet check-jsonschema"),
        Step(f'check-jsonschema --schemafile "{SCHEMA}" pages/pond.yaml', shows="ok"),
        Step("sed 's/kind: article/kind: artcle/' pages/pond.yaml > wrong.yaml"),
        Step(f'check-jsonschema --schemafile "{SCHEMA}" wrong.yaml', code=1, shows="'artcle' is not one of"),
    ],
    "upgrade": [
        Step("python -m pip install --quiet --upgrade NEWER"),
        Step("harness --version", shows=re.escape(NEWER)),
        Step("harness list runs", shows=r"\d{8}-\d{6}.*finished"),
        Step("harness run -g core -e mine.py:paragraphs -e trafilatura", shows="mine.py:paragraphs"),
        Step("harness gate", shows="nothing is worse"),
    ],
    "uninstall": [
        Step("harness cache --clear all"),
        Step("python -m pip uninstall --quiet --yes extraction-harness"),
        Step("harness --version", code=127),
        Step("find ../venv ../cache -ipath '*harness*' -type f", hides="."),
        Step("ls reports/runs reports/baseline.json", shows="jsonl"),
    ],
}


def main() -> int:
    """Do all tasks. 1 if one fails; those behind it are done nevertheless."""
    with tempfile.TemporaryDirectory(prefix="stranger-") as folder:
        place = Path(folder)
        wheel, newer = _packages(place)
        environment = _environment(place)
        work = place / "work"
        work.mkdir()
        _print("", "commands", "seconds")
        tasks = {"install": [Step(f"python -m pip install --quiet '{wheel}[extractors,scorecard]'")], **TASKS}
        failed = 0
        for name, steps in tasks.items():
            begun = time.monotonic()
            wrong = next((fault for step in steps if (fault := _fault(step, work, environment, newer))), "")
            _print(name, str(len(steps)), f"{time.monotonic() - begun:.1f}")
            if wrong:
                failed += 1
                print(wrong)
        if failed:
            print(f"{failed} of {len(tasks)} failed")
        return 1 if failed else 0


def _fault(step: Step, work: Path, environment: Mapping[str, str], newer: Path) -> str:
    """Do a step. What was wrong with it, or nothing."""
    for name, text in step.files.items():
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")
    command = step.command.replace("NEWER", f"'{newer}'")
    done = subprocess.run(["bash", "-c", command], cwd=work, env=environment, capture_output=True, text=True, check=False)
    printed = done.stdout + done.stderr
    if done.returncode != step.code:
        wrong = f"exit code {done.returncode}, not {step.code}"
    elif not re.search(step.shows, printed, re.M):
        wrong = f"does not show {step.shows!r}"
    elif step.hides and re.search(step.hides, printed):
        wrong = f"shows {step.hides!r}"
    elif "Traceback" in printed:
        wrong = "shows a traceback"
    else:
        return ""
    return f"$ {command}\n{printed.rstrip()}\n^ {wrong}"


def _packages(place: Path) -> tuple[Path, Path]:
    """The package as it would be published, and the same as a newer version: wheels, built from the source package."""
    _uv("build", "--sdist", "--quiet", "--out-dir", place / "sdist", ROOT)
    (archive,) = (place / "sdist").glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(place / "source", filter="data")
    (source,) = (place / "source").iterdir()
    _uv("build", "--wheel", "--quiet", "--out-dir", place / "wheel", source)
    (source / "PKG-INFO").unlink()  # it would say the version
    version = source / "harness/__init__.py"
    text = re.sub(r'^__version__ = ".*"', f'__version__ = "{NEWER}"', version.read_text(encoding="utf-8"), flags=re.M)
    version.write_text(text, encoding="utf-8")
    _uv("build", "--wheel", "--quiet", "--out-dir", place / "newer", source)
    (wheel,), (newer,) = (place / "wheel").glob("*.whl"), (place / "newer").glob("*.whl")
    return wheel, newer


def _uv(*words: object) -> None:
    subprocess.run([sys.executable, "-m", "uv", *map(str, words)], check=True)


def _environment(place: Path) -> dict[str, str]:
    """The variables of a shell in a new virtual environment that knows nothing of this checkout."""
    subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HARNESS_", "PYTHON", "VIRTUAL_ENV"))}
    path = f"{place / 'venv/bin'}{os.pathsep}{_system_path()}"
    return {
        **kept,
        "PATH": path,
        "HARNESS_CACHE": str(place / "cache"),
        "COLUMNS": "80",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def _system_path() -> str:
    """The path without the environment that this program runs in: its `harness` must not be found."""
    own = Path(sys.executable).parent
    return os.pathsep.join(folder for folder in os.environ["PATH"].split(os.pathsep) if Path(folder) != own)


def _print(name: str, commands: str, seconds: str) -> None:
    print(f"{name:<30}{commands:>8}{seconds:>9}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
