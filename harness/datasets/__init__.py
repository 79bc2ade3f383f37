"""The formats of public benchmarks: one file for each, which yields the entries of a dataset of that format.

To add a format, write a module with a `FORMAT` and put it into FORMATS; the command line and the lists follow.
"""

from harness.datasets.base import DatasetError, Entry, Format
from harness.datasets.formats import (
    aeb,
    boilernet,
    cleaneval,
    dragnet,
    folder,
    readability,
    trafilatura,
    warc,
    wceb,
    wcxb,
    webmainbench,
)

_FORMATS = (
    aeb.FORMAT,
    wcxb.FORMAT,
    wceb.FORMAT,
    trafilatura.FORMAT,
    webmainbench.FORMAT,
    cleaneval.FORMAT,
    cleaneval.PORTAL_FORMAT,
    dragnet.FORMAT,
    boilernet.L3S_FORMAT,
    boilernet.TRENDS_FORMAT,
    readability.FORMAT,
    folder.FORMAT,
    warc.FORMAT,
)
FORMATS: dict[str, Format] = {format.name: format for format in _FORMATS}

__all__ = ["FORMATS", "DatasetError", "Entry", "Format"]
