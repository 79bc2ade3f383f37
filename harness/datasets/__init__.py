"""The formats of public benchmarks: one file for each, which yields the entries of a dataset of that format.

To add a format, put a file with a `DatasetFormat` into `formats/`; the command line and the lists follow. Formats of
packages and plugin files are found in the same way (docs/extending.md).
"""

import re

from harness.common.extensions import Extensions
from harness.datasets.base import DatasetError, DatasetFormat, Entry

__all__ = ["DATASET_FORMATS", "DatasetError", "DatasetFormat", "Entry"]

_NAME = re.compile(r"\w[\w.-]*")


def _mistake(dataset_format: DatasetFormat) -> str:
    return (
        ""
        if _NAME.fullmatch(dataset_format.name)
        else f"{dataset_format.name!r} is no name: use letters, digits, _, . and -"
    )


DATASET_FORMATS: Extensions[DatasetFormat] = Extensions(
    "harness.datasets",
    "dataset format",
    ("harness.datasets.formats",),
    is_one=lambda value: isinstance(value, DatasetFormat),
    names=lambda dataset_format: (dataset_format.name,),
    order=lambda dataset_format: (dataset_format.order, dataset_format.name),
    mistake=_mistake,
)
"""The formats by the part before the colon in `-g NAME:PATH`."""
