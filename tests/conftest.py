"""What all tests share."""

import os

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
