"""The formats of public benchmarks: one file for each, which yields the entries of a dataset of that format.

To add a format, write a module with a `FORMAT` and put it into FORMATS; the command line and the lists follow.
"""

from harness.datasets import aeb
from harness.datasets.base import DatasetError, Entry, Format

FORMATS: dict[str, Format] = {module.FORMAT.name: module.FORMAT for module in (aeb,)}

__all__ = ["FORMATS", "DatasetError", "Entry", "Format"]
