"""What tests of plugins share: packages to install, and an index without a network."""

import importlib

import pytest

from factories.goldens import write_goldens
from factories.tidepool import PLUGIN, TIDEPOOL
from factories.wheels import make_wheel


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Makes a distribution with entry points that the interpreter and its children see as installed."""

    def install(name: str, entry_points: dict[str, str], modules: dict[str, str]) -> None:
        site = tmp_path / "site"
        info = site / f"{name.replace('-', '_')}-1.5.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
        lines = [f"{key} = {value}" for key, value in entry_points.items()]
        (info / "entry_points.txt").write_text("\n".join(["[harness.extractors]", *lines, ""]))
        for module, source in modules.items():
            (site / f"{module}.py").write_text(source)
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.setenv("PYTHONPATH", str(site))
        importlib.invalidate_caches()

    return install


@pytest.fixture
def tidepool(tmp_path, monkeypatch):
    """A folder with a plugin, two releases of the library that it wraps, and nothing but them to install from."""
    tidepool = tmp_path / "project"
    tidepool.mkdir()
    (tidepool / "wader.py").write_text(PLUGIN)
    for version in ("1.0", "2.0"):
        make_wheel(tidepool / "wheels", "tidepool", version, {"tidepool": TIDEPOOL.format(version)})
    write_goldens(tidepool / "set", ["The tide is out tonight", "The tide is in again"])
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tidepool / "wheels"))
    monkeypatch.chdir(tidepool)
    return tidepool
