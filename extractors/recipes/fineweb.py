"""FineWeb: the Trafilatura step of Hugging Face's datatrove.

Sources, all in huggingface/datatrove: src/datatrove/pipeline/extractors/trafilatura.py at 4f7d08e (the call and its
defaults, the same in release 0.10.1), examples/fineweb.py at 05194d3 (the step), pyproject.toml of release 0.10.1 (the pin).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from harness import extractor


@extractor(
    requires=["trafilatura>=1.8,<1.12", "lxml_html_clean"],
    media="text/html",
    homepage="https://github.com/huggingface/datatrove",
    licence="Apache-2.0",
)
def fineweb(page: Any) -> str:
    """FineWeb: Trafilatura before 1.12, for precision, without repeated passages and comments."""
    import trafilatura

    # The library counts passages across pages, here and in the pipeline. An output must not depend on the pages before it.
    import_module("trafilatura.meta").LRU_TEST.clear()
    return trafilatura.extract(page.html, favor_precision=True, include_comments=False, deduplicate=True) or ""
