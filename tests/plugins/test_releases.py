"""Releases of a library: which there are, and what asking for one means."""

import pytest

import harness.plugins.releases
from factories.plugins import reasons_of, write_plugin
from harness.plugins.registry import Registry
from harness.plugins.releases import NoReleases, releases


@pytest.mark.parametrize("name", ["keep_everything@1.0", "mine@1.0", "trafilatura@"])
def test_a_release_of_what_has_no_releases_is_refused(tmp_path, name):
    (reason,) = reasons_of(write_plugin(tmp_path / "mine.py", "mine"), names=(name,))
    assert repr(name) in reason
    assert "release" in reason


@pytest.mark.parametrize("name", ["trafilatura@nonsense", "trafilatura@1.0 or so", "trafilatura@1.0; echo"])
def test_a_release_that_is_no_version_is_refused(name):
    (reason,) = reasons_of(names=(name,))
    assert repr(name) in reason


def test_a_release_binds_the_first_requirement_and_leaves_the_others(tmp_path):
    path = tmp_path / "wrapper.py"
    path.write_text(
        "from harness import extractor\n"
        "@extractor(requires=['tidepool[fast,all]>=1', 'pytest>=1'], variants={'loud': {'mark': '!'}})\n"
        "def wrapper(page): return ''\n"
    )
    plain, released, variant = Registry([path]).select(["wrapper", "wrapper@1.5", "wrapper/loud@1.5"])
    assert plain.requires == ("tidepool[fast,all]>=1", "pytest>=1")
    assert released.requires == ("tidepool[all,fast]==1.5", "pytest>=1")
    assert (released.name, variant.name) == ("wrapper@1.5", "wrapper/loud@1.5")
    assert (released.options, variant.options) == ({}, {"mark": "!"})


def test_releases_are_final_ones_in_the_order_of_versions(monkeypatch):
    listed = "x (2.10.0)\nAvailable versions: 2.10.0, 2.9.1, 2.9.0b1, 2.9.0, 1.8\n"
    monkeypatch.setattr(harness.plugins.releases, "_ask", lambda command, package: listed)
    plugins = Registry().plugins
    assert releases(plugins["trafilatura"]) == ["1.8", "2.9.0", "2.9.1", "2.10.0"]
    monkeypatch.setattr(harness.plugins.releases, "_ask", lambda command, package: '["0.6.0", "0.5.0", "0.7.0-beta.1"]')
    assert releases(plugins["readability_js"]) == ["0.5.0", "0.6.0"]
    with pytest.raises(NoReleases):
        releases(plugins["keep_nothing"])


@pytest.mark.parametrize(
    "name", ["boilerpy3@1.0.3", "newspaper4k@0.9.2", "goose3@3.1.13", "boilerpy3/article_sentences@1.0.3"]
)
def test_a_release_that_the_extractor_is_not_written_for_is_refused(name):
    (reason,) = reasons_of(names=(name,))
    assert repr(name) in reason and "is written for" in reason and name.partition("@")[2] in reason


def test_releases_that_the_extractor_is_not_written_for_are_not_listed(monkeypatch):
    listed = "x (1.0.9)\nAvailable versions: 1.0.9, 1.0.7, 1.0.6, 0.9\n"
    monkeypatch.setattr(harness.plugins.releases, "_ask", lambda command, package: listed)
    assert releases(Registry().plugins["boilerpy3"]) == ["1.0.7", "1.0.9"]


def test_releases_are_listed_in_an_environment_without_pip(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(harness.plugins.releases, "find_spec", lambda name: None)
    monkeypatch.setattr(harness.plugins.releases, "_ask", lambda command, package: asked.append(command) or "")
    with pytest.raises(NoReleases):
        releases(Registry().select(["justext"])[0].plugin)
    (command,) = asked
    assert command[0].endswith("uv") and command[-4:] == ["pip", "index", "versions", "jusText"]
