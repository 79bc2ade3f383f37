"""Runs an extractor in this process, without any of the limits of a worker: for debuggers."""

from __future__ import annotations

import sys
from typing import Any

from harness.pages.page import Page
from harness.plugins.runnable import Runnable
from harness.worker import worker


def can_run_here(runnable: Runnable) -> bool:
    """Whether it is a function of Python that this environment has all modules of."""
    return bool(runnable.source) and runnable.command[:1] == (sys.executable,)


def run_here(runnable: Runnable, page: Page) -> Any:
    """What the extractor returns for a page. Raises whatever loading or calling it raises."""
    function = worker.load(runnable.source, runnable.function)
    given = {
        "html": page.html,
        "text": page.text,
        "media": page.media,
        "raw": page.raw,
        "url": page.url,
        "lang": page.lang,
    }
    shown = worker.ExtractorPage(given, runnable.declared.max_input)
    if runnable.declared.batch:
        (result,) = function([shown], **runnable.options)
        return result
    return function(shown, **runnable.options)
