import os

import pytest

from harness.common.threads import one_thread

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")


def test_numpy_gets_one_thread_and_extractors_the_variables_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    with one_thread():
        assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    assert dict(os.environ) == before


@pytest.mark.parametrize("name", VARIABLES)
def test_a_number_of_threads_that_the_user_has_chosen_stays(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in VARIABLES:
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "2")
    before = dict(os.environ)
    with one_thread():
        assert dict(os.environ) == before
    assert dict(os.environ) == before
