"""Which goldens a command is about: names, filters, samples, limits and shards."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cli.main import main
from harness.datasets import Entry
from harness.datasets.choice import Choice, find_entries
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps
from harness.goldens.sets import UnknownGoldens
from harness.goldens.vocabulary import PAGE_KINDS
from harness.pages.page import Page
from harness.runs.file import read_run

KINDS = tuple(PAGE_KINDS)[:4]
STORY = "The ferry was late again because the winch had frozen."


def entry(id: str, kind: str = "article", lang: str = "en", site: str = "a.example", flags: tuple[str, ...] = ()) -> Entry:
    golden = Golden(id, Page(b"", "text/plain", lang=lang), kind, site, text="", flags=flags)
    return Entry(id, kind, lang, site, flags, partial(lambda golden: golden, golden))


entry_lists = st.lists(st.sampled_from(KINDS), max_size=60).map(
    lambda kinds: [entry(f"set/{number:03}", kind) for number, kind in enumerate(kinds)]
)


@given(entry_lists, st.integers(1, 70), st.integers(0, 5))
def test_a_sample_gives_every_kind_its_share_to_within_one_page(entries: list[Entry], size: int, seed: int) -> None:
    taken = Choice(sample=size, seed=seed).of(entries)
    assert len(taken) == min(size, len(entries))
    assert [e.id for e in taken] == sorted({e.id for e in taken})
    before, after = Counter(e.kind for e in entries), Counter(e.kind for e in taken)
    for kind, count in before.items():
        assert abs(after[kind] - len(taken) * count / len(entries)) < 1


def test_the_seed_decides_which_pages_are_sampled_for_ever() -> None:
    entries = [entry(f"set/{number}") for number in range(9)]
    first, again, other = (Choice(sample=3, seed=seed).of(entries) for seed in (1, 1, 2))
    assert first == again
    assert [e.id for e in first] == ["set/5", "set/7", "set/8"]
    assert first != other


@given(entry_lists, st.integers(1, 6))
def test_shards_part_what_was_chosen(entries: list[Entry], shards: int) -> None:
    parts = [Choice(limit=40, shard=f"{number}/{shards}").of(entries) for number in range(1, shards + 1)]
    assert sorted(e.id for part in parts for e in part) == [e.id for e in entries[:40]]


def test_filters_are_of_kind_language_site_and_flag() -> None:
    entries = [
        entry("set/1", "forum"),
        entry("set/2", lang="en-GB"),
        entry("set/3", lang="eng"),
        entry("set/4", site="b.example"),
        entry("set/5", flags=("empty-gold", "spa")),
    ]

    def ids(**choice: object) -> str:
        return "".join(e.id[-1] for e in Choice(**choice).of(entries))  # type: ignore[arg-type]

    assert ids() == "12345"
    assert ids(kinds=["forum"]) == "1"
    assert ids(langs=["en"]) == "1245"
    assert ids(langs=["en-GB"]) == "2"
    assert ids(sites=["b.example", "c.example"]) == "4"
    assert ids(without_flags=["empty-gold"]) == "1234"
    assert ids(kinds=["article"], langs=["en"], limit=2) == "24"


@pytest.fixture
def aeb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dataset in AEB's layout with three pages, one of them in German, and a working folder."""
    folder = tmp_path / "benchmark"
    (folder / "html").mkdir(parents=True)
    truth = {}
    for number in range(3):
        key = f"{number:064x}"
        lang = "de" if number == 2 else "en"
        page = f"<html lang={lang}><body><nav>Menu</nav><p>{STORY} {number}</p></body></html>"
        (folder / "html" / f"{key}.html.gz").write_bytes(gzip.compress(page.encode()))
        truth[key] = {"articleBody": f"{STORY} {number}", "url": f"https://www.site{number}.example/a"}
    (folder / "ground-truth.json").write_text(json.dumps(truth))
    monkeypatch.chdir(tmp_path)
    return folder


def test_names_and_datasets_are_found_together(aeb: Path) -> None:
    found = find_entries([f"aeb:{aeb}", "core"], Dumps([]))
    ids = [e.id for e in found.entries]
    assert ids == sorted(ids)
    assert Counter(e.id.partition("/")[0] for e in found.entries)["aeb"] == 3
    assert "core" in {e.id.partition("/")[0] for e in found.entries}
    assert [(e.lang, e.site) for e in found.entries if e.id.startswith("aeb/")][2] == ("de", "site2.example")


def test_every_name_that_stands_for_nothing_is_told(aeb: Path) -> None:
    with pytest.raises(UnknownGoldens) as error:
        find_entries(["aeb:nowhere", "abe:benchmark", "corr"], Dumps([]))
    message = str(error.value)
    assert "'aeb:nowhere': no such file or folder" in message
    assert "'abe:benchmark': no such format of datasets; did you mean 'aeb'?" in message
    assert "did you mean 'core'?" in message


def test_a_dataset_is_run_shown_and_resumed_like_a_set_of_goldens(aeb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "-g", f"aeb:{aeb}", "-e", "keep_everything", "--lang", "en"]) == 0
    run = read_run()
    assert [record.golden[:4] for record in run.records] == ["aeb/", "aeb/"]
    assert run.header["arguments"]["lang"] == ["en"]
    capsys.readouterr()
    assert main(["show", "--page", run.records[0].golden, "-e", "keep_everything"]) == 0
    assert "ferry" in capsys.readouterr().out
    assert main(["show", "--page", run.records[0].golden]) == 0
    assert "ferry" in capsys.readouterr().out
    assert main(["show", "--site", "site1.example", "--format", "csv"]) == 0
    assert capsys.readouterr().out.count("keep_everything") == 1
    assert main(["show", "--kind", "forum"]) == 3
    assert main(["run", "-g", f"aeb:{aeb}", "--kind", "forum"]) == 3
    assert main(["run", "-g", f"aeb:{aeb}", "--kind", "artikel", "--without-flag", "empty"]) == 2
    assert "unknown flag 'empty'" in capsys.readouterr().err


def test_a_page_that_is_missing_is_told_and_the_others_are_run(aeb: Path, capsys: pytest.CaptureFixture[str]) -> None:
    next(iter((aeb / "html").iterdir())).unlink()
    assert main(["run", "-g", f"aeb:{aeb}", "-e", "keep_everything"]) == 3
    assert "no such file" in capsys.readouterr().err
    assert len(read_run().records) == 2
