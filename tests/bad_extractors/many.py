"""An extractor that runs the code that its page holds behind `fault: `, as Python; other pages are returned as they are."""

import ctypes  # noqa: F401 - for the pages' code
import os  # noqa: F401
import resource  # noqa: F401
import signal  # noqa: F401
import sys  # noqa: F401
import threading  # noqa: F401
import time  # noqa: F401

from harness import extractor


@extractor(media="text/plain")
def many(page):
    """What the code leaves in `result`, or `the answer`."""
    code = page.text.partition("fault: ")[2].replace(" // ", "\n")
    if not code:
        return page.text
    names = {**globals(), "result": "the answer"}
    exec(code, names)
    return names["result"]
