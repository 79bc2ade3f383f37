"""How far metrics agree on the order of extractors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from harness.stats.sites import Floats


def kendall_tau(scores: ArrayLike) -> Floats:
    """Kendall's tau-b between all columns, each of which ranks the rows; -1…1, NaN where a column ties all rows.

    Rows are extractors and columns metrics, all with the same side better. A pair of columns leaves out rows with a NaN.
    """
    table = np.asarray(scores, dtype=np.float64)
    first, second = np.triu_indices(len(table), 1)
    order = np.sign(table[first] - table[second])
    known = (~np.isnan(order)).astype(np.float64)
    order = np.nan_to_num(order)
    untied = (order**2).T @ known  # in the column of the row, among rows that both columns know
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(order.T @ order / np.sqrt(untied * untied.T))
