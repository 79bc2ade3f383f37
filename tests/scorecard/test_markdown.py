"""Scorecards in Markdown keep their columns, whatever stands in them."""

import re

from factories.records import run_of
from factories.scorecards import card_of, hostile_run, tables_of, thirty
from harness.scorecard.gather.build import scorecard
from harness.scorecard.write.markdown import markdown


def test_markdown_tables_keep_their_columns_whatever_stands_in_them():
    run, goldens = hostile_run()
    text = markdown(scorecard(run, goldens.__getitem__))
    for table in tables_of(text):
        assert len({len(row) for row in table}) == 1
    assert "\n# heading" not in text
    inert = re.sub(r"(?m)^    .*$", "", text).replace("<!-- -->", "")
    assert not re.search(r"(?<!\\)<|(?<!\\)\[|(?<!\\)\]\(", inert)
    text.encode()


def test_markdown_shows_the_leaderboard():
    text = markdown(card_of(run_of(*thirty("a", [0.9, 0.8]), *thirty("b", [0.1]), versions={"a": "1.2", "b": None})))
    assert re.search(r"\| 1 \| a \| 1\.2 \| \.850 \| \.\d{3} – \.\d{3} \|", text)
    assert "| 2 | b | – | .100 |" in text
