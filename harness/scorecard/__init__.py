"""Scorecards: a run, or the baseline, as one file that explains itself (docs/scorecards.md).

`build.scorecard` gathers what is shown; `html`, `markdown` and `data.scorecard_object` write it; `charts` draws.
"""
