"""A library that exists nowhere else, in two releases, and an extractor that wraps it."""

import inspect
from pathlib import Path

from factories.extractors import ready
from factories.wheels import make_wheel

PLUGIN = """
from harness import extractor

@extractor(requires=["tidepool"], variants={"loud": {"mark": "!"}}, media="text/plain")
def wader(page, mark="."):
    import tidepool
    return tidepool.cut(page.text) + mark
"""
TIDEPOOL = "def cut(text): return text.strip() + ' {}'\n"


def wader(*names: str, **how: object):
    return ready(names or ["wader"], [Path("wader.py")], **how)


def built(tmp_path: Path, kind: str = "python") -> list[Path]:
    """The environments that stand under their final name."""
    return sorted(path for path in tmp_path.glob(f"cache/environments/{kind}/*") if path.is_dir() and not path.suffix)


def source_tree(folder: Path, version: str, backend: str = "", *, name: str = "tidepool", module: str = "") -> Path:
    """A checkout of the library, or of another, with a build backend of its own: nothing must be downloaded to build it."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "{version}"\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (folder / f"{name}.py").write_text(module or TIDEPOOL.format(version))
    (folder / "backend.py").write_text(
        f"import zipfile\nfrom pathlib import Path\n{inspect.getsource(make_wheel)}\n"
        "def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
        f"{backend}"
        f"    modules = {{'{name}': Path('{name}.py').read_text()}}\n"
        f"    return make_wheel(Path(folder), '{name}', '{version}', modules).name\n"
    )
    return folder
