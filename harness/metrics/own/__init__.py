"""The harness's own metrics, one file for each family."""
