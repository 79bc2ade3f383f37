"""HPLT, second data release: Trafilatura as the runner of the High Performance Language Technologies project calls it.

Sources, all in hplt-project/warc2text-runner: src/warc2text_runner/stage2/trafilatura/traf.py at 10501bc (the call for plain
text and the minimum of 0), src/warc2text_runner/stage2/stage2local.sh at 1326f7a (not its fast mode), pyproject.toml at
ddf4196 (the pins).
"""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["trafilatura==1.8.0", "lxml==5.1.1", "lxml-html-clean==0.1.0"],
    python="<3.13",  # lxml 5.1 has no wheels for later ones
    media="text/html",
    homepage="https://github.com/hplt-project/warc2text-runner",
    licence="Apache-2.0",
)
def hplt(page: Any) -> str:
    """HPLT: Trafilatura 1.8.0 without tables and comments, and without its last resort for short texts."""
    import trafilatura
    from trafilatura.settings import use_config

    config = use_config()
    # Whatever the rules find is enough: the library's baseline, which keeps nearly everything, is never tried.
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
    return trafilatura.extract(page.html, config=config, include_comments=False, include_tables=False) or ""
