"""The JavaScript plugins that come with the harness; nothing here runs Node."""

import json
from pathlib import Path

import pytest

from factories.places import ROOT
from harness.plugins.ready import fits_here
from harness.plugins.registry import PluginError, Registry

EXTRACTORS = ROOT / "extractors"
JAVASCRIPT = ("article_extractor", "defuddle_js", "postlight_parser", "readability_js")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))


def test_shipped_javascript_plugins_are_listed_without_node(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    registry = Registry()
    for name in JAVASCRIPT:
        plugin = registry.plugins[name]
        assert plugin.runtime == "node"
        assert plugin.summary and plugin.declared.licence and plugin.declared.homepage and plugin.package
        assert Path(plugin.source).is_file()
    assert {"readability_js/linkedom", "defuddle_js/jsdom"} <= set(registry.all_names())
    assert not any(fits_here(selection) for selection in registry.select(JAVASCRIPT))


def test_copies_of_a_module_are_equal():
    copies = sorted(EXTRACTORS.glob("*/dom.mjs"))
    assert len(copies) >= 2
    assert len({path.read_bytes() for path in copies}) == 1


@pytest.mark.parametrize("name", JAVASCRIPT)
def test_lock_files_pin_what_is_declared_and_hold_no_address(name):
    described = json.loads((EXTRACTORS / name / "package.json").read_text())
    text = (EXTRACTORS / name / "package-lock.json").read_text()
    locked = json.loads(text)["packages"]
    assert "://" not in text
    assert '"resolved"' not in text
    assert locked[""]["dependencies"] == described["dependencies"]
    for package, version in described["dependencies"].items():
        assert locked[f"node_modules/{package}"]["version"] == version, "an exact version"
    for path, entry in locked.items():
        # What a package bundles is covered by that package's own sum.
        assert not path or entry.get("inBundle") or entry["integrity"].startswith("sha512-"), path


@pytest.mark.parametrize(
    "content",
    ["{ not json", "[]", "{}", '{"harness": {}}', '{"harness": {"main": 3}}', '{"harness": {"main": "absent.mjs"}}'],
)
def test_a_package_json_that_describes_no_plugin_is_named(tmp_path, content):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "package.json").write_text(content)
    with pytest.raises(PluginError) as caught:
        Registry([tmp_path]).select([])
    (reason,) = caught.value.reasons
    assert str(tmp_path / "broken" / "package.json") in reason
