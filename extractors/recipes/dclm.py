"""DCLM: Resiliparse, which extracted the pool of DataComp-LM.

Source: mlfoundations/dclm, exp_data/datasets/raw_sources/CC_WARC_resiliparse_april_2019.json at 15af3ce names the library
and the date, December 2023, when Resiliparse was at 0.14. The repository holds no code of this step: the options are those
with which NeMo Curator calls the same library (see curator.py).
"""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["resiliparse>=0.14,<0.15"],
    python="<3.13",  # this release has no wheels for later ones
    media="text/html",
    homepage="https://github.com/mlfoundations/dclm",
    licence="Apache-2.0",
)
def dclm(page: Any) -> str:
    """DCLM: Resiliparse's main content, with comments and bullets but without image descriptions."""
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(page.html, main_content=True, alt_texts=False)
