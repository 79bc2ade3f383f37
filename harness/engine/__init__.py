"""Runs extractors over pages. Knows nothing of goldens and scores."""
