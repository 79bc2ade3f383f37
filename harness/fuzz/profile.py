"""Hypothesis settings for layouts where tests run in CI. Needs the extra `fuzz`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

CI_SETTINGS = settings(
    settings.get_profile("default"),  # Hypothesis starts from another profile where CI is set
    max_examples=50,
    deadline=None,  # a deadline cannot stop a hang, and shrinking one takes minutes
    derandomize=True,  # the same layouts in every run
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""The same layouts in every run, as many as a test of one page can wait for."""
