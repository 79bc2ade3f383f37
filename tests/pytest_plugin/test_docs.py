"""The docs of the pytest plugin: examples work, and all options stand there."""

import re

import pytest

from factories.places import ROOT


@pytest.mark.slow
def test_the_examples_in_the_docs_work(project):
    page = (ROOT / "docs/pytest.md").read_text(encoding="utf-8")
    names = []
    for example, name in re.findall(r"^```python\n(# (\w+\.py)\n.*?)^```$", page, re.M | re.S):
        project.path.joinpath(name).write_text(example)
        names.append(name)
    assert page.count("```python") == len(names)
    project.run(*names).assert_outcomes(passed=3)


def test_the_options_in_the_docs_are_those_that_there_are(project):
    page = (ROOT / "docs/pytest.md").read_text(encoding="utf-8")
    offered = re.findall(r"^ +(--harness-\w+)", project.run("--help").stdout.str(), re.M)
    assert [name for name in re.findall(r"^\| `(--harness-\w+) [A-Z]", page, re.M)] == offered
