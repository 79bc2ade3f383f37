"""What the tests of several commands share."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

STORY = "The ferry was late again because the winch had frozen overnight."
ADVERT = "Read next: ten ways to keep a winch warm in winter"


@pytest.fixture
def aeb_outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three pages in AEB's layout, `benchmark`, and the outputs of two systems, `good.json` and `greedy.json`."""
    html = tmp_path / "benchmark" / "html"
    html.mkdir(parents=True)
    truth, good, greedy = {}, {}, {}
    for number in range(3):
        key, text = f"{number:064x}", f"{STORY} {number}"
        page = f"<body><p>{text}</p><aside>{ADVERT}</aside></body>"
        (html / f"{key}.html.gz").write_bytes(gzip.compress(page.encode()))
        truth[key] = {"articleBody": text, "url": f"https://site{number}.example/a"}
        good[key] = {"articleBody": text}
        greedy[key] = {"articleBody": f"{text}\n{ADVERT}"}
    (tmp_path / "benchmark" / "ground-truth.json").write_text(json.dumps(truth))
    (tmp_path / "good.json").write_text(json.dumps({"version": "1.2", "output": good}))
    (tmp_path / "greedy.json").write_text(json.dumps(greedy))
    monkeypatch.chdir(tmp_path)
    return tmp_path
