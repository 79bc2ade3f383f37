"""An identity changes with all that can change an output, and with nothing else."""

import json
import sys
from importlib import metadata
from pathlib import Path

import pytest

from factories.extractors import ready
from factories.tidepool import PLUGIN, TIDEPOOL, source_tree, wader
from factories.wheels import make_wheel
from harness.plugins.installed import closure


def test_two_equal_preparations_have_equal_identities(tidepool):
    assert [r.identity for r in wader("wader@1.0", "wader/loud")] == [r.identity for r in wader("wader@1.0", "wader/loud")]


def test_identity_changes_with_all_that_can_change_an_output(tidepool):
    wheels = [make_wheel(tidepool / f"mine{n}", "tidepool", "2.1", {"tidepool": TIDEPOOL.format(n)}) for n in range(2)]
    found = {
        "as it is": wader()[0].identity,
        "option": wader("wader/loud")[0].identity,
        "version": wader("wader@1.0")[0].identity,
        "wheel": wader(local_packages=wheels[:1])[0].identity,
        "content of the wheel": wader(local_packages=wheels[1:])[0].identity,
    }
    (tidepool / "wader.py").write_text(PLUGIN + "\n# changed\n")
    found["plugin file"] = wader()[0].identity
    assert len(set(found.values())) == len(found), found


def install_metadata(folder: Path, version: str, tree: Path | None = None) -> Path:
    """A folder on which the library looks installed; from a tree that is edited, if one is given."""
    info = folder / f"tidepool-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tidepool\nVersion: {version}\n")
    if tree:
        described = {"url": tree.resolve().as_uri(), "dir_info": {"editable": True}}
        (info / "direct_url.json").write_text(json.dumps(described))
    return folder


@pytest.mark.parametrize("requires", ['requires=["tidepool"], ', ""], ids=["declared", "not declared"])
def test_identity_changes_with_the_version_that_is_installed_here(tidepool, tmp_path, monkeypatch, requires):
    Path("wader.py").write_text(PLUGIN.replace('requires=["tidepool"], ', requires))
    identities = []
    for version in ("1.0", "2.0"):
        with monkeypatch.context() as patch:
            patch.syspath_prepend(str(install_metadata(tmp_path / version, version)))
            (runnable,) = wader()
        assert runnable.command[0] == sys.executable
        identities.append(runnable.identity)
    assert identities[0] != identities[1]


def test_identity_changes_with_a_library_that_is_installed_to_be_edited(tidepool, tmp_path, monkeypatch):
    tree = source_tree(tidepool / "checkout", "1.0")
    monkeypatch.syspath_prepend(str(install_metadata(tmp_path / "site", "1.0", tree)))
    (before,), (again,) = wader(), wader()
    (tree / "tidepool.py").write_text(TIDEPOOL.format("edited"))
    (after,) = wader()
    assert before.identity == again.identity != after.identity


def test_identity_changes_with_any_file_of_a_package_in_the_current_folder(tidepool):
    package = tidepool / "curlew"
    package.mkdir()
    (package / "__init__.py").write_text("from curlew.rules import keep\n\ndef extract(page): return keep(page.text)\n")
    (package / "rules.py").write_text("def keep(text): return text\n")
    (before,), (again,) = ready(["curlew:extract"]), ready(["curlew:extract"])
    (package / "rules.py").write_text("def keep(text): return text.upper()\n")
    (after,) = ready(["curlew:extract"])
    assert before.identity == again.identity != after.identity


@pytest.mark.parametrize("from_index", [False, True])
def test_code_that_was_installed_from_a_folder_counts_in_the_identity(tmp_path, from_index):
    info = tmp_path / "demo-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n")
    (info / "RECORD").write_text("demo.py,,\ndemo-1.0.dist-info/METADATA,,\n")
    if not from_index:
        (info / "direct_url.json").write_text('{"url": "file:///demo", "dir_info": {}}')

    def identity(code):
        (tmp_path / "demo.py").write_text(code)
        return closure(["demo"], {"demo": metadata.PathDistribution(info)})

    before = identity("one = 1")
    assert before == identity("one = 1")
    assert (before == identity("one = 2")) == from_index


def test_what_a_package_requires_counts_wherever_its_metadata_has_it(tmp_path):
    def distribution(name, info, **files):
        folder = tmp_path / info
        folder.mkdir()
        for file, content in files.items():
            (folder / file.replace("_", ".")).write_text(content)
        return name, metadata.PathDistribution(folder)

    head = "Metadata-Version: 2.1\nName: {}\nVersion: {}\n"
    described = "\nRequires-Dist: only-described\n"  # in the text behind the fields
    needs = "Requires-Dist: folded\n  >=2\nrequires-dist: of-extra; extra == 'more'\n"
    needs += "Requires-Dist: elsewhere; os_name == 'none'\n"
    found = dict(
        [
            distribution("demo", "demo-1.0.dist-info", METADATA=head.format("demo", "1.0") + needs + described),
            distribution("folded", "folded.egg-info", **{"PKG-INFO": head.format("folded", "2.1"), "requires_txt": "old\n"}),
            *(
                distribution(name, f"{name}-1.dist-info", METADATA=head.format(name, "1"))
                for name in ("old", "of-extra", "elsewhere", "only-described")
            ),
        ]
    )
    assert closure(["demo"], found) == ["demo==1.0", "folded==2.1", "old==1"]
    assert closure(["demo[more]"], found) == ["demo==1.0", "folded==2.1", "of-extra==1", "old==1"]
