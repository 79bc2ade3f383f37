"""What all tests share."""

import os

import pytest
from hypothesis import HealthCheck, settings

# Every field is given: where CI is set, Hypothesis would otherwise start from a profile of its own.
settings.register_profile(
    "tests",
    max_examples=100,
    deadline=None,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=False,
)
settings.load_profile("tests")


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory):
    """Environments and outputs that tests make stay out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("HARNESS_CACHE", str(folder))
        yield folder
