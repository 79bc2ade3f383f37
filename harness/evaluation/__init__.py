"""Goldens times extractors: plans a run, does it, scores what comes out."""
