"""The fixture scores, extracts and shows."""

from factories.plugin_sessions import WANTED


def test_the_fixture_scores_extracts_and_shows(project):
    project.path.joinpath("test_own.py").write_text(
        """
import pytest
from harness.common.errors import Impossible
from harness.pytest_plugin.fixture import ExtractorFailed

def test_all(harness):
    first, second, third = harness.goldens("pages")
    assert harness.goldens() == harness.goldens("pages/page-0.yaml", "pages/page-1.yaml", "pages/page-2.yaml")
    assert harness.extract(first) == harness.extract(first, "mypkg.module:extract") == first.main_content
    assert harness.score(first, first.main_content).scores["F"] == 1
    assert harness.score(first, "<p>The ferry leaves at", "html").counts == {"kept": 4, "missed": 5, "leaked": 0, "free": 0}
    assert harness.score(first, "").outcome == "empty"
    assert "{+invented: unheard-of+}" in harness.diff(first, first.main_content + " unheard-of")
    with pytest.raises(ExtractorFailed, match="ladder") as failed:
        harness.extract(second)
    assert failed.value.answer.outcome == "error"
    with pytest.raises(Impossible, match="nobody"):
        harness.extract(first, "nobody")
    with pytest.raises(Impossible, match="nowhere"):
        harness.goldens("nowhere")
"""
    )
    project.fault("winch", "raises")
    result = project.run(*WANTED, "-k", "test_all")
    result.assert_outcomes(passed=1, deselected=3)
