"""ExtractNet: dragnet's blocks and features under a small neural network, trained on news."""

from __future__ import annotations

import ctypes
import ctypes.util
from functools import cache
from typing import Any

from harness import extractor


@cache
def load_extractor() -> Any:
    """The model, loaded once for all pages."""
    # Its Linux wheels use zlib without naming it; a zlib that is loaded for all makes them importable.
    zlib = ctypes.util.find_library("z")
    if zlib:
        ctypes.CDLL(zlib, mode=ctypes.RTLD_GLOBAL)
    from extractnet import Extractor

    return Extractor()


@extractor(
    # Wheels up to Python 3.10, compiled against NumPy 1; ftfy 4 needs pkg_resources, dateparser 1.1.0 an old regex.
    requires=["extractnet==2.0.7", "numpy<2", "setuptools<81", "regex<2022.3.15", "lxml_html_clean"],
    media="text/html",
    homepage="https://github.com/currentslab/extractnet",
    licence="MIT",
    python=">=3.9,<3.11",
)
def extractnet(page: Any) -> str:
    """Blocks that a neural network takes for the content of a news article."""
    # None is its answer for "no block is content".
    return load_extractor().extract(page.html, metadata_mining=False)["content"] or ""
