"""The sites that pages are of: what is drawn, flipped and left out together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ROUNDING = 1e-10  # two sums that differ by less, in relation to their terms, are equal

_CELLS = 131_072  # of a matrix of weights or signs that is in memory at a time: 1 MB, which a processor's cache holds


@dataclass(frozen=True)
class Sites:
    """The sites that pages are of. A site that has pages in two sets counts as two sites."""

    of_page: NDArray[np.int64]
    """The number of each page's site."""
    stratum: NDArray[np.int64]
    """The number of the stratum of each site; at least two sites are in each, if there are two."""

    def sums(self, pages: Floats) -> Floats:
        """The sum of each column over the pages of each site."""
        count = len(self.stratum)
        columns = [np.bincount(self.of_page, column, count) for column in pages.T]
        return np.stack(columns, axis=1) if columns else np.zeros((count, 0))


def sites_of(sites: Sequence[str], sets: Sequence[str] | None = None) -> Sites:
    """The sites of pages, from the name of each page's site and of its set.

    Each set is a stratum. Sets of a single site make one stratum together; a lone one joins the smallest other set.
    """
    labels = list(zip(sets if sets is not None else [""] * len(sites), sites, strict=True))
    unique = sorted(set(labels))
    number = {label: index for index, label in enumerate(unique)}
    size = Counter(set_name for set_name, _ in unique)
    pooled = sorted(name for name, count in size.items() if count == 1)
    if len(pooled) == 1 and len(size) > 1:
        pooled.append(min((count, name) for name, count in size.items() if count > 1)[1])
    strata = [pooled[0] if set_name in pooled else set_name for set_name, _ in unique]
    order = {name: index for index, name in enumerate(sorted(set(strata)))}
    return Sites(
        np.array([number[label] for label in labels], dtype=np.int64),
        np.array([order[name] for name in strata], dtype=np.int64),
    )


def pages_of(values: ArrayLike, sites: Sites) -> Floats:
    """Values of pages as an array of pages by columns. Raises ValueError if they do not fit the pages' sites."""
    pages = np.asarray(values, dtype=np.float64)
    if pages.ndim != 2 or len(pages) != len(sites.of_page):
        raise ValueError(f"{len(sites.of_page)} pages have sites, but the values have the shape {pages.shape}")
    if np.isinf(pages).any():
        raise ValueError("a value is infinite; NaN means a page without a value")
    return pages


def chunks(sites: int, rows: int, cells: int = _CELLS) -> Iterator[int]:
    """Numbers of rows that add up to `rows`, none with more cells than are to be in memory."""
    step = max(1, cells // max(1, sites))
    for start in range(0, rows if sites else 0, step):
        yield min(step, rows - start)
