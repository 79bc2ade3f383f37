"""Lynx, the text browser, as NeMo Curator calls it for Nemotron-CC-Math, where a language model cleans its output.

Source: NVIDIA-NeMo/Curator, nemo_curator/stages/math/download/html_extractors/lynx.py at 01339ff (the options). The part of
the model is not in this recipe.
"""

from __future__ import annotations

import subprocess
from typing import Any

from harness import extractor

COMMAND = "lynx -dump -stdin -nolist -width=10000 -assume_charset=utf-8 -display_charset=utf-8 -localhost -force_html"


@extractor(
    programs=["lynx"], media="text/html", homepage="https://lynx.invisible-island.net", licence="GPL-2.0", reference=True
)
def lynx(page: Any) -> str:
    """Reference: all that the text browser Lynx shows, as Nemotron-CC-Math calls it; long lines, no list of links."""
    done = subprocess.run(COMMAND.split(), input=page.html.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"lynx failed: {done.stderr.decode(errors='replace').strip()}")
    text: str = done.stdout.decode(errors="replace")
    return text
