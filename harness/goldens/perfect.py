"""The main content of a golden as a perfect extractor returns it, in each format: what scores 1."""

from __future__ import annotations

from harness.goldens.golden import Golden
from harness.goldens.structure import markup_of
from harness.pages.formats import as_html
from harness.pages.markdown import to_markdown
from harness.pages.page import wrap_text
from harness.worker.plugin import FORMATS


def perfect_output(golden: Golden, output_format: str) -> str:
    """What an extractor returns that keeps the `keep` text of a golden and nothing else.

    As HTML it stands in the elements of the page that labels name it in, or in those of the dataset's Markdown; a golden
    without structure has a paragraph for each line. As Markdown it is the dataset's own, or that HTML written as Markdown.
    output_format: one of harness.worker.plugin.FORMATS. Raises ValueError for another.
    """
    if output_format == "text":
        return golden.kept_text
    if output_format == "markdown":
        return golden.markdown if golden.markdown is not None else to_markdown(perfect_output(golden, "html"))
    if output_format != "html":
        raise ValueError(f"no format {output_format!r}: use {', '.join(FORMATS)}")
    if golden.markdown is not None:
        return as_html(golden.markdown, "markdown") or ""
    if golden.labels and golden.page.media == "text/html":
        return markup_of(golden.page, golden.labels, "keep")
    return wrap_text(golden.kept_text)
