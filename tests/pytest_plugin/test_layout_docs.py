"""The examples of tests with layouts in the docs work."""

import re

import pytest

from factories.places import ROOT

DOCS = ROOT / "docs/fuzzing.md"


@pytest.mark.slow
def test_the_examples_in_the_docs_work(run_pytest, pytester):
    """As they stand, for a user who has a golden and an extractor of these names."""
    own, profile = re.findall(r"^```python\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.M | re.S)
    pytester.mkdir("goldens")
    for suffix in (".html", ".yaml"):
        text = pytester.path.joinpath(f"pages/lamps{suffix}").read_text()
        pytester.path.joinpath(f"goldens/flood{suffix}").write_text(text.replace("page: lamps", "page: flood"))
    pytester.path.joinpath("test_own.py").write_text(own)
    package = pytester.path / "mypackage.py"
    package.write_text("from mine import paragraphs\n\ndef extract(html):\n    return '\\n'.join(paragraphs(html))\n")
    pytester.makeconftest(profile + 'assert settings.get_profile("layouts").max_examples == 500\n')
    run_pytest("--hypothesis-profile", "harness", apart=True).assert_outcomes(passed=1)
    package.write_text("def extract(html):\n    return '' if '<span' in html else html\n")
    result = run_pytest("--hypothesis-profile", "harness", apart=True)
    result.assert_outcomes(failed=1)
    assert "retention > 0.9" in result.stdout.str()
