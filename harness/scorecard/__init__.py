"""Scorecards: a run, or the baseline, as one file that explains itself (docs/scorecards.md).

gather/ computes what is shown, values/ says what that is, write/ makes HTML, Markdown, JSON and charts of it.
"""
