"""A worker gives an extractor the page as it was stored, and its text line by line."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from factories.labels import html_trees
from harness.engine import process
from harness.pages.page import Page
from harness.worker import worker


@given(raw=st.binary(max_size=40) | st.text(max_size=40).map(str.encode), media=st.sampled_from(["text/html", "text/plain"]))
def test_a_worker_gives_an_extractor_the_stored_bytes(raw, media):
    page = Page(raw, media)
    line = json.loads(process.page_request(page, "1", wants_text=False, options={}))
    assert worker.Page(line).raw == raw
    assert worker.Page(line).html == page.html


@given(html_trees())
@example(("<sea-port>a</sea-port>b<br>c<button>d</button>e", [], ["ab", "cde"]))
@example(("<head><title>t</title><body><svg><text>n</text></svg><p>a<iframe>n</iframe>b", [], ["ab"]))  # no </head>
def test_a_worker_breaks_the_lines_of_a_page_where_the_harness_does(case):
    content, _, lines = case
    text = worker.Page({"html": content}).text
    assert [" ".join(line.split()) for line in text.split("\n") if line.strip()] == lines
