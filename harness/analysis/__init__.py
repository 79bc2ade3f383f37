"""Comparisons of runs and of extractors; computes, prints nothing."""
