"""Datasets that keep pages in one folder and what is known of them in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from harness.datasets.base import DatasetError


def pairs(
    pages: Path, goldens: Path, page_of: Callable[[str], str | None], expected: str
) -> Iterator[tuple[str, Path, Path]]:
    """The name of each page without its suffix, its file and the file of its golden, in the order of names.

    page_of: the file name of the page that a golden's file name belongs to; None for a file that is no golden. Pages
    without a golden are left out: some of these datasets were published with more pages than labels. expected: what the
    dataset's folder must hold, for messages. Raises DatasetError.
    """
    for folder in (pages, goldens):
        if not folder.is_dir():
            raise DatasetError(f"{folder}: no such folder; expected {expected}")
    found = sorted((Path(page).stem, page, gold) for gold in goldens.iterdir() if (page := page_of(gold.name)) is not None)
    if not found:
        raise DatasetError(f"{goldens}: holds no goldens; expected {expected}")
    missing = [page for _, page, _ in found if not (pages / page).is_file()]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise DatasetError(
            f"{pages}: {', '.join(missing[:3])}{more} missing, although {goldens.name}/ has goldens for them; "
            "unpack the dataset again, or take those goldens out"
        )
    for name, page, gold in found:
        yield name, pages / page, gold
