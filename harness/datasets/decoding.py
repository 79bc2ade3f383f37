"""Goldens of public datasets as text, in whatever encoding they were published."""

from __future__ import annotations

from pathlib import Path

from harness.datasets.base import DatasetError, read_page
from harness.pages.decoding import decode, encoding_of


def read_decoded(path: Path, *, html: bool = False) -> str:
    """The text of a golden's file, with `\\n` as line end; `html` says that it may declare its encoding as a page does.

    Raises DatasetError.
    """
    raw = read_page(path)
    text = decode(raw, encoding_of(raw, html=html).name).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise DatasetError(f"{path}: holds null characters, so it is no text file; fetch the file again")
    return text
