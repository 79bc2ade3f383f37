"""Where things lie: the project, extractors with faults, and data that only some machines have."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "goldens" / "core"
BAD_EXTRACTORS = ROOT / "tests" / "bad_extractors"
FAULTY = BAD_EXTRACTORS / "faulty.py"
PLANTED = BAD_EXTRACTORS / "planted.py"

# The folder of benchmark datasets and the folder of dumps, where there are any.
DATASETS = os.environ.get("HARNESS_DATASETS")
DUMPS = os.environ.get("HARNESS_DUMPS")
needs_datasets = pytest.mark.skipif(not DATASETS, reason="HARNESS_DATASETS names no folder with the datasets")
needs_dumps = pytest.mark.skipif(not DUMPS, reason="HARNESS_DUMPS names no folder with the dumps")
needs_node = pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="node or npm is not installed")
