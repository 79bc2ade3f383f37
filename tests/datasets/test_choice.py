"""Which goldens are chosen: filters, samples, limits and shards."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.datasets import DatasetError, Entry
from harness.datasets.choice import Choice
from harness.goldens.golden import Golden
from harness.goldens.vocabulary import PAGE_KINDS
from harness.pages.page import Page

KINDS = tuple(PAGE_KINDS)[:4]


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


def test_pages_are_left_out_by_what_their_bytes_tell() -> None:
    def page(name: str, raw: bytes) -> Entry:
        golden = Golden(f"set/{name}", Page(raw, "text/html"), "article", "a.example", text="")
        return Entry(golden.id, golden.kind, golden.lang, golden.site, golden.flags, partial(lambda golden: golden, golden))

    def broken() -> Golden:
        raise DatasetError("gone")

    unreadable = Entry("set/gone", "article", "en", "a.example", (), broken)
    pages = [page("good", "café".encode()), page("lost", b"<meta charset=utf-8>caf\xe9"), unreadable]
    assert [entry.id for entry in Choice(without_flags=("characters-lost",)).of(pages)] == ["set/good", "set/gone"]
    assert len(Choice(without_flags=("spa",)).of(pages)) == 3


@pytest.mark.parametrize(
    ("choice", "enough"),
    [
        (Choice(limit=3), 3),
        (Choice(limit=3, shard="1/2"), 3),
        (Choice(), None),
        (Choice(limit=3, kinds=("article",)), None),
        (Choice(limit=3, sample=5), None),
        (Choice(limit=3, without_flags=("spa",)), None),
    ],
)
def test_the_first_entries_are_enough_where_nothing_but_a_limit_chooses(choice: Choice, enough: int | None) -> None:
    assert choice.enough == enough
