"""A worker gives an extractor the page as it was stored."""

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.engine import process
from harness.pages.page import Page
from harness.worker import worker


@given(raw=st.binary(max_size=40) | st.text(max_size=40).map(str.encode), media=st.sampled_from(["text/html", "text/plain"]))
def test_a_worker_gives_an_extractor_the_stored_bytes(raw, media):
    page = Page(raw, media)
    line = json.loads(process.page_request(page, "1", wants_text=False, options={}))
    assert worker.Page(line).raw == raw
    assert worker.Page(line).html == page.html
