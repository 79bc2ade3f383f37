"""GNE (GeneralNewsExtractor): density of text and of punctuation, made for Chinese news.

Source: X. Hong et al., 基于文本及符号密度的网页正文提取方法 (Main text by density of text and symbols), 2019.
"""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["gne>=0.4.3"],
    media="text/html",
    homepage="https://github.com/GeneralNewsExtractor/GeneralNewsExtractor",
    licence="GPL-3.0-only",  # its licence file; its metadata says MIT
)
def gne(page: Any) -> str:
    """Element with the highest density of text and punctuation; raises an exception if there is none."""
    from gne import GeneralNewsExtractor

    text: str = GeneralNewsExtractor().extract(page.html)["content"]
    return text
