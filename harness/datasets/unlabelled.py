"""Names of pages without labels: a folder of HTML files and a web archive need not say their format."""

from __future__ import annotations

from pathlib import Path

from harness.datasets import DATASET_FORMATS
from harness.datasets.archives import SUFFIXES
from harness.datasets.formats.pages import page_files


def with_format(name: str) -> str:
    """A name as `-g` takes it: of a web archive `warc:…`, of a folder of pages `pages:…`, of all else the name itself.

    A folder that holds goldens is one of goldens.
    """
    path = Path(name)
    if name.endswith(SUFFIXES) and name.partition(":")[0] not in DATASET_FORMATS:
        return f"warc:{name}"
    if not name or not path.is_dir() or any(path.glob("*.y*ml")) or any(path.glob("*/*.y*ml")):
        return name
    if any(file.name.endswith(SUFFIXES) for file in path.iterdir()):
        return f"warc:{name}"
    return f"pages:{name}" if page_files(path) else name
