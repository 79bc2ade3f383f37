"""Policies: what they change in a golden, and what is wrong with their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.goldens import lined_golden, plain_golden
from harness.common.errors import CannotTell, Impossible
from harness.goldens.golden import Golden
from harness.goldens.policy import Policy, built_in_policies, golden_under, read_policy
from harness.goldens.sets import dumps_from, find_goldens, load_goldens
from harness.goldens.vocabulary import NO_MAIN_CONTENT, TEXT_KINDS

BLOCKS = [
    ("drop", "navigation", "Home"),
    ("maybe", "title", "The ferry stays"),
    ("maybe", "byline", "By Ann"),
    ("keep", "body", "It sails at noon."),
    ("drop", "comment", "Good news"),
]


def verdicts(golden: Golden) -> dict[str, str]:
    assert golden.labelled is not None
    return {part.text: part.verdict for part in golden.labelled}


def test_named_kinds_have_its_verdicts_and_others_keep_theirs() -> None:
    policy = Policy("mine", {"title": "keep", "byline": "drop", "comment": "maybe"})
    assert verdicts(golden_under(policy, lined_golden(BLOCKS))) == {
        "Home": "drop",
        "The ferry stays": "keep",
        "By Ann": "drop",
        "It sails at noon.": "keep",
        "Good news": "maybe",
    }


def test_a_dropped_copy_of_what_is_not_dropped_stays_dropped() -> None:
    golden = lined_golden([*BLOCKS, ("drop", "title", "The ferry stays – Harbour News")])
    found = verdicts(golden_under(Policy("mine", {"title": "keep"}), golden))
    assert (found["The ferry stays"], found["The ferry stays – Harbour News"]) == ("keep", "drop")


def test_a_page_without_main_content_has_none_under_any_policy() -> None:
    golden = lined_golden([("maybe", "title", "Sign in"), ("drop", "form", "Name")], flags=(NO_MAIN_CONTENT,))
    assert golden_under(Policy("mine", {"title": "keep", "form": "keep"}), golden) == golden


@pytest.mark.parametrize("golden", [plain_golden("It sails at noon."), lined_golden([("keep", "body", "It sails")])])
def test_a_golden_without_kinds_is_refused_by_name(golden: Golden) -> None:
    with pytest.raises(CannotTell, match="set/page does not tell kinds of text apart"):
        golden_under(Policy("mine", {"title": "keep"}), golden)


def test_the_main_content_is_what_labels_say() -> None:
    golden = lined_golden(BLOCKS, text="It sails at noon.")
    assert golden_under(Policy("mine", {"title": "keep"}), golden).main_content == "The ferry stays\nIt sails at noon."


def test_all_that_come_along_can_be_read_and_judge_the_embedded_goldens_differently() -> None:
    assert built_in_policies() == ["rag", "reader", "search", "training"]
    goldens = load_goldens(find_goldens(["core"]), dumps_from([])).goldens
    kept = {
        name: [golden_under(read_policy(name), golden).main_content for golden in goldens] for name in built_in_policies()
    }
    for name, mains in kept.items():
        assert read_policy(name).verdicts.keys() <= TEXT_KINDS.keys()
        for other, others in kept.items():
            assert name == other or mains != others


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("keep: [titel]", "keep: unknown kind of text 'titel'; did you mean 'title'?"),
        ("keep: [other]", "unknown kind of text 'other'"),
        ("keeps: [title]", "unknown key 'keeps'; did you mean 'keep'?"),
        ("keep: title", "keep must be a list of kinds of text"),
        ("{keep: [title], drop: [title]}", "title stands under both keep and drop"),
        ("- keep", "not a policy: write lists of kinds of text under keep, maybe, drop"),
        ("", "not a policy"),
        ("keep: [", "not YAML"),
    ],
)
def test_a_mistake_in_a_file_is_named(tmp_path: Path, written: str, reason: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(written)
    with pytest.raises(Impossible) as caught:
        read_policy(str(path))
    assert str(caught.value).startswith(f"{path}: ") and reason in str(caught.value)


def test_an_unknown_name_is_answered_with_those_that_are_known() -> None:
    with pytest.raises(Impossible, match=r"unknown policy 'trainings'; did you mean 'training'\?; known: rag, reader, "):
        read_policy("trainings")
    for file in ("gone.yaml", "policies/gone"):
        with pytest.raises(Impossible, match=f"policy {file}: no such file"):
            read_policy(file)
