"""The catalogue of datasets says all that fetching one needs."""

import pytest

from harness.datasets import DATASET_FORMATS
from harness.datasets.catalogue import CATALOGUE


@pytest.mark.parametrize("known", CATALOGUE.values(), ids=lambda known: known.name)
def test_the_catalogue_is_complete(known):
    assert known.format in DATASET_FORMATS
    assert known.pages > 0
    assert bool(known.commit) != bool(known.by_hand), "either git brings it or a reader is told how"
    assert bool(known.commit) == known.repository.startswith("https://")
    assert known.licence
    assert known.citation


def test_datasets_of_one_repository_share_it():
    assert CATALOGUE["wcxb-dev"].home == CATALOGUE["wcxb-test"].home
