"""Whether this environment has what an extractor requires."""

import pytest

from harness.plugins.ready import fits_here, prepare
from harness.plugins.registry import Registry


def test_a_requirement_that_exists_nowhere_makes_an_extractor_unavailable_in_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    path = tmp_path / "needy.py"
    path.write_text(
        "from harness import extractor\n"
        "@extractor(requires=['no-such-distribution-of-ours==1', \"no-other-one; python_version < '3'\"])\n"
        "def needy(page): return ''\n"
    )
    selections = Registry([path]).select(["needy", "keep_nothing"])
    assert [fits_here(selection) for selection in selections] == [False, True]
    announced: list[str] = []
    runnables, (unavailable,) = prepare(selections, announce=announced.append)
    assert [runnable.name for runnable in runnables] == ["keep_nothing"]
    assert unavailable.name == "needy"
    assert "no-such-distribution-of-ours==1" in unavailable.reason
    assert "no-other-one" not in unavailable.reason
    assert "\n" not in unavailable.reason
    assert len(announced) == 1


@pytest.mark.parametrize(
    ("requires", "fits"),
    [
        ("'pytest'", True),
        ("'pytest>=9999'", False),
        ("'pytest', 'surely-not-here>=2'", False),
        ("\"pytest>=9999; python_version < '3'\"", True),
        ("'pytest', python='<3'", False),
        ("'pytest', python='>=3.8'", True),
    ],
)
def test_what_is_declared_as_required_decides_whether_this_environment_fits(tmp_path, requires, fits):
    requires, _, python = requires.partition(", python=")
    path = tmp_path / "needy.py"
    path.write_text(
        "from harness import extractor\n"
        f"@extractor(requires=[{requires}], python={python or repr('')})\n"
        "def needy(page): return ''\n"
    )
    (selection,) = Registry([path]).select(["needy"])
    assert fits_here(selection) is fits
