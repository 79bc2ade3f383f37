"""On real pages, a recipe returns what the pipeline's own function returns, in one environment with both."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from factories.places import DATASETS, needs_datasets
from harness.common.places import bundled

RECIPES = bundled("extractors") / "recipes"
PAGES = 200

# In the environment: loads the recipe as a worker does, and compares it with `own`, which a pipeline's part defines.
COMPARE = """
import importlib.util, json, sys, types

def load(file):
    harness = types.ModuleType("harness")
    harness.extractor = lambda **declared: lambda function: function
    sys.modules["harness"] = harness
    spec = importlib.util.spec_from_file_location("recipe", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

def compare(recipe, own, forget=lambda: None):
    different = 0
    filled = 0
    for html in json.load(sys.stdin):
        forget()
        expected = own(html) or ""
        filled += bool(expected)
        different += recipe(types.SimpleNamespace(html=html)) != expected
    return {"filled": filled, "different": different}
"""

FINEWEB = """
from trafilatura.meta import LRU_TEST
from datatrove.pipeline.extractors import Trafilatura
print(json.dumps(compare(load(sys.argv[1]).fineweb, Trafilatura().extract, LRU_TEST.clear)))
"""

# The packages above the functions import what a cluster needs: they are stood in for.
STAND_INS = """
import importlib.metadata
root = importlib.metadata.distribution("nemo-curator").locate_file("nemo_curator")
for name in ("", ".stages", ".stages.text", ".stages.text.download", ".stages.math", ".stages.math.download"):
    stub = types.ModuleType("nemo_curator" + name)
    stub.__path__ = [str(root) + name.replace(".", "/")]
    sys.modules[stub.__name__] = stub
"""

CURATOR = f"""{STAND_INS}
from trafilatura.meta import LRU_TEST
from nemo_curator.stages.text.download.html_extractors import JusTextExtractor, ResiliparseExtractor, TrafilaturaExtractor
from nemo_curator.stages.text.download.html_extractors.utils import get_stop_list_dict
from nemo_curator.stages.text.download.utils import lang_detect
lists = get_stop_list_dict()

def own(html):
    language = lang_detect(html)
    return "\\n\\n".join(extractor.extract_text(html, lists[language], language) or []) if language in lists else ""

name = sys.argv[2]
classes = dict(justext=JusTextExtractor, resiliparse=ResiliparseExtractor, trafilatura=TrafilaturaExtractor)
extractor = classes[name]()
print(json.dumps(compare(getattr(load(sys.argv[1]), "curator_" + name), own, LRU_TEST.clear)))
"""

LYNX = f"""{STAND_INS}
from nemo_curator.stages.math.download.html_extractors.lynx import LynxExtractor
print(json.dumps(compare(load(sys.argv[1]).lynx, LynxExtractor().extract_text)))
"""

# In place of Lynx, which need not be installed: how it was called, and the page that it was given.
ECHO = """#!/bin/sh
echo "$@"
cat
"""


@pytest.fixture(scope="module")
def pages() -> str:
    """Pages of AEB and WCXB, as JSON."""
    folders = [Path(str(DATASETS)) / "aeb" / "html", Path(str(DATASETS)) / "wcxb" / "dev" / "html"]
    files = [file for folder in folders for file in sorted(folder.glob("*.html*"))][:PAGES]
    return json.dumps(
        [
            (gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes()).decode("utf-8", "replace")
            for f in files
        ]
    )


def environment(folder: Path, *steps: list[str]) -> str:
    """The Python of an environment with these requirements."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    python = str(folder / "bin" / "python")
    for requirements in steps:
        done = subprocess.run(
            [*uv, "pip", "install", "-q", "--python", python, *requirements], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"the pipeline's package cannot be installed: {done.stderr.strip().splitlines()[-1]}")
    return python


def compared(python: str, script: str, pages: str, *arguments: str) -> dict[str, int]:
    done = subprocess.run(
        [python, "-c", COMPARE + script, *arguments], input=pages, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
@needs_datasets
def test_fineweb_is_what_datatrove_returns(tmp_path, pages):
    python = environment(tmp_path / "venv", ["datatrove==0.10.1", "trafilatura>=1.8,<1.12", "lxml_html_clean"])
    found = compared(python, FINEWEB, pages, str(RECIPES / "fineweb.py"))
    assert found["different"] == 0
    assert found["filled"] > PAGES * 0.9


@pytest.fixture(scope="module")
def curator(tmp_path_factory) -> str:
    needed = ["jusText>=3.0", "lxml_html_clean", "resiliparse>=1.0", "trafilatura==2.0.0", "pycld2>=0.42", "loguru", "ftfy"]
    return environment(tmp_path_factory.mktemp("curator") / "venv", needed, ["--no-deps", "nemo-curator==1.4.0"])


@pytest.mark.slow
@needs_datasets
@pytest.mark.parametrize("name", ["justext", "resiliparse", "trafilatura"])
def test_curators_recipes_are_what_curator_returns(name, curator, pages):
    found = compared(curator, CURATOR, pages, str(RECIPES / "curator.py"), name)
    assert found["different"] == 0
    assert found["filled"] > PAGES * 0.9


@pytest.mark.slow
@needs_datasets
def test_lynx_is_called_as_curator_calls_it(curator, pages, tmp_path, monkeypatch):
    (tmp_path / "lynx").write_text(ECHO)
    (tmp_path / "lynx").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = compared(curator, LYNX, pages, str(RECIPES / "programs.py"))
    assert found == {"filled": PAGES, "different": 0}
