"""Which part of a job a process is, by what schedulers tell it."""

from __future__ import annotations

import pytest

from harness.common.job_arrays import own_part


@pytest.fixture(autouse=True)
def no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"):
        monkeypatch.delenv(variable, raising=False)


def slurm(monkeypatch: pytest.MonkeyPatch, number: int, first: int, last: int, count: int) -> None:
    for name, value in (("ID", number), ("MIN", first), ("MAX", last), ("COUNT", count)):
        monkeypatch.setenv(f"SLURM_ARRAY_TASK_{name}", str(value))


@pytest.mark.parametrize("ids", [range(3), range(1, 4), range(10, 25, 5), range(7, 8)], ids=str)
def test_the_tasks_of_an_array_are_its_parts_in_order(monkeypatch: pytest.MonkeyPatch, ids: range) -> None:
    parts = []
    for number in ids:
        slurm(monkeypatch, number, ids[0], ids[-1], len(ids))
        parts.append(own_part())
    assert parts == [f"{place}/{len(ids)}" for place in range(1, len(ids) + 1)]


@pytest.mark.parametrize(("number", "first", "last", "count"), [(4, 3, 9, 3), (3, 3, 4, 3), (8, 1, 7, 7)])
def test_a_part_of_an_array_does_not_know_its_place(monkeypatch, number: int, first: int, last: int, count: int) -> None:
    # As tasks 3, 4 and 9 of an array that are sent again: three tasks, which are not three thirds.
    slurm(monkeypatch, number, first, last, count)
    with pytest.raises(ValueError, match="whole job array"):
        own_part()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "works in tasks of a Slurm array"),
        ({"JOB_COMPLETION_INDEX": "1"}, "auto needs JOB_COMPLETIONS"),
        ({"JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "2"}, "JOB_COMPLETION_INDEX is 2"),
        ({"JOB_COMPLETION_INDEX": "x", "JOB_COMPLETIONS": "2"}, "JOB_COMPLETION_INDEX, which is 'x'"),
        ({"SLURM_ARRAY_TASK_ID": "3"}, "SLURM_ARRAY_TASK_MIN, which is not set"),
    ],
)
def test_what_is_lacking_is_named(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], message: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=message):
        own_part()
