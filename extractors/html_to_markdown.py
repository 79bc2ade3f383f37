"""html-to-markdown (Kreuzberg): a converter in Rust that takes navigation and forms out before it converts."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["html-to-markdown>=3.20"],
    variants={"aggressive": {"preset": "aggressive"}},
    media="text/html",
    output="markdown",
    homepage="https://github.com/kreuzberg-dev/html-to-markdown",
    licence="MIT",
)
def html_to_markdown(page: Any, preset: str = "standard") -> str:
    """The page less headers, footers, navigation, asides and forms, by their tags and roles."""
    from html_to_markdown import ConversionOptions, PreprocessingOptions, convert

    cleaning = PreprocessingOptions(enabled=True, preset=preset)
    options = ConversionOptions(extract_metadata=False, preprocessing=cleaning)
    text: str = convert(page.html, options).content or ""
    return text
