"""`harness run --locked RUN`: a run is made again with the packages that it had."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from factories.tidepool import PLUGIN, TIDEPOOL, source_tree
from factories.wheels import make_wheel
from harness.cli.main import main
from harness.runs.find import read_run

RUN = ["run", "--plugins", "wader.py", "-e", "wader", "-g", "set", "--fresh"]
NEEDS_SHELL = "def cut(text):\n    import tidepool_shell\n    return text.strip() + tidepool_shell.END\n"


def with_shell(folder: Path, tide: str, tidepool_shell: str) -> None:
    """A release of the library that requires another one, and a release of that."""
    path = make_wheel(folder, "tidepool", tide, {"tidepool": NEEDS_SHELL})
    make_wheel(folder, "tidepool_shell", tidepool_shell, {"tidepool_shell": f"END = ' {tidepool_shell}'\n"})
    add_requirement(path, "tidepool", tide, "tidepool_shell")


def add_requirement(path: Path, name: str, version: str, requirement: str) -> None:
    with zipfile.ZipFile(path) as archive:
        files = {file: archive.read(file).decode() for file in archive.namelist()}
    files[f"{name}-{version}.dist-info/METADATA"] += f"Requires-Dist: {requirement}\n"
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)


def lock():
    return read_run().header.extractor("wader").lock


def texts() -> list[str]:
    return [record.text for record in read_run().records]


def test_a_run_names_all_packages_of_its_environment_and_is_made_again_when_newer_ones_are_there(tidepool, capsys):
    with_shell(tidepool / "wheels", "3.0", "1.0")
    assert main(RUN) == 0
    first, said = read_run(), texts()
    assert lock().packages == ("tidepool==3.0", "tidepool-shell==1.0")
    assert lock().python
    assert any(package.startswith("selectolax==") for package in first.header.packages)
    with_shell(tidepool / "wheels", "3.1", "1.1")
    assert main(["cache", "--clear", "environments"]) == 0
    shutil.rmtree(tidepool.parent / "uv")
    assert main(["run", "--locked", first.id, "--fresh"]) == 0
    assert (texts(), lock().packages) == (said, ("tidepool==3.0", "tidepool-shell==1.0"))
    assert read_run().header.request == first.header.request
    assert main(["cache", "--clear", "environments"]) == 0
    assert main(RUN) == 0
    assert lock().packages == ("tidepool==3.1", "tidepool-shell==1.1")


def test_a_release_that_is_gone_is_said_with_its_name(tidepool, capsys):
    assert main(RUN) == 0
    assert main(["cache", "--clear", "environments"]) == 0
    shutil.rmtree(tidepool.parent / "uv")
    (tidepool / "wheels/tidepool-2.0-py3-none-any.whl").unlink()
    capsys.readouterr()
    assert main(["run", "--locked", "latest"]) == 3
    assert "tidepool==2.0" in capsys.readouterr().err


def test_a_source_tree_is_part_of_the_lock_and_must_be_the_same(tidepool, capsys):
    tree = source_tree(tidepool / "tree", "5.0")
    assert main([*RUN, "--with", "tree"]) == 0
    (package,) = lock().packages
    assert package.startswith("tidepool==5.0+")
    assert main(["run", "--locked", "latest", "--fresh"]) == 0
    assert lock().packages == (package,)
    (tree / "tidepool.py").write_text(TIDEPOOL.format("changed"))
    capsys.readouterr()
    assert main(["run", "--locked", "latest"]) == 3
    assert f"not {package.partition('==')[2]}" in capsys.readouterr().err


def test_a_plugin_that_has_changed_is_not_run_as_if_it_were_the_same(tidepool, capsys):
    assert main(RUN) == 0
    Path("wader.py").write_text(PLUGIN.replace('mark="."', 'mark="?"'))
    capsys.readouterr()
    assert main(["run", "--locked", "latest"]) == 3
    err = capsys.readouterr().err
    assert "wader: its code has changed" in err and "without --locked" in err


def test_what_decides_the_run_cannot_be_given_again(tidepool, capsys):
    assert main(RUN) == 0
    assert main(["run", "--locked", "latest", "-e", "wader", "--timeout", "3"]) == 2
    assert "leave out -e" in capsys.readouterr().err.replace("--extractor", "-e")
    assert main(["run", "--locked", "absent"]) == 2


def test_a_scorecard_says_the_packages_and_pins_them_in_its_command(tidepool, tmp_path):
    assert main(RUN) == 0
    assert main(["scorecard", "-o", str(tmp_path / "card")]) == 0
    facts = json.loads((tmp_path / "card/scorecard.json").read_text())["facts"]
    assert facts["commands"][0] == f"harness run --locked {read_run().id}"
    assert facts["extractors"][0]["packages"] == ["tidepool==2.0"]
    html = (tmp_path / "card/scorecard.html").read_text()
    assert ", tidepool 2.0</bdi>" in html
    assert f"harness run --locked {read_run().id}" in (tmp_path / "card/scorecard.md").read_text()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node.js with npm")
def test_npm_packages_are_locked_by_their_own_lock(tidepool):
    Path("tide").mkdir()
    Path("tide/package.json").write_text('{"name": "tide", "version": "1.0.0", "main": "cut.mjs"}')
    Path("tide/cut.mjs").write_text("export const cut = (text) => text.slice(0, 3);\n")
    Path("nodeling").mkdir()
    Path("nodeling/package.json").write_text(
        '{"name": "nodeling", "dependencies": {"tide": "file:../tide"}, "harness": {"main": "extract.mjs"}}'
    )
    Path("nodeling/extract.mjs").write_text(
        'import { cut } from "tide";\nexport default function extract(page) { return cut(page.text ?? page.html); }\n'
    )
    assert main(["run", "--plugins", "nodeling", "-e", "nodeling", "-g", "set"]) == 0
    lock = read_run().header.extractor("nodeling").lock
    assert json.loads(lock.npm)["packages"]["node_modules/tide"]["version"] == "1.0.0"
    assert main(["run", "--locked", "latest", "--fresh"]) == 0
    assert read_run().header.extractor("nodeling").lock == lock


def test_a_lock_that_is_missing_or_damaged_is_said(tidepool, capsys):
    assert main(RUN) == 0
    (path,) = Path("reports/runs").glob("*.jsonl")
    first, *others = path.read_text().splitlines(keepends=True)
    header = json.loads(first)
    for damaged, code, said in (
        (None, 3, "does not say what packages it had"),
        (3, 2, "the header is damaged"),
        ({"packages": 3}, 2, "the header is damaged"),
        ({"python": ["3"]}, 2, "the header is damaged"),
        ({"packages": ["-e ."]}, 2, "'-e .' is not NAME==VERSION"),
        ({"python": ">3"}, 2, "'>3' is not a version of Python"),
    ):
        header["extractors"]["wader"]["lock"] = damaged
        path.write_text("".join([json.dumps(header) + "\n", *others]))
        assert main(["run", "--locked", path.stem]) == code
        assert said in capsys.readouterr().err
