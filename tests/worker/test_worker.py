"""A worker gives an extractor the page as it was stored, and its text line by line."""

import io

from hypothesis import example, given
from hypothesis import strategies as st

from factories.labels import html_trees
from harness.engine.wire import Frames
from harness.pages.page import Page
from harness.worker import worker


def given_to_an_extractor(page):
    requests = io.BytesIO(Frames().page(page, "1", wants_text=False, options={}))
    request = worker.read_request(requests.readline(), requests)
    assert requests.read() == b"", "all bytes belong to the page"
    return worker.ExtractorPage(request)


def test_a_page_in_a_legacy_encoding_comes_as_its_own_bytes_and_as_decoded_text():
    raw = "<meta charset=windows-1251><p>Паром</p>".encode("cp1251")
    page = given_to_an_extractor(Page(raw, "text/html"))
    assert (page.raw, page.html_bytes, page.html) == (raw, raw, raw.decode("cp1251"))
    dump = given_to_an_extractor(Page(b"caf\xe9 cr\xe8me", "text/plain"))
    assert (dump.raw, dump.text) == (b"caf\xe9 cr\xe8me", "café crème")
    assert dump.html_bytes.decode("utf-8") == dump.html


@given(raw=st.binary(max_size=40) | st.text(max_size=40).map(str.encode), media=st.sampled_from(["text/html", "text/plain"]))
def test_a_worker_gives_an_extractor_the_stored_bytes(raw, media):
    page = Page(raw, media)
    given = given_to_an_extractor(page)
    assert (given.raw, given.html) == (raw, page.html)


def test_a_page_in_utf_16_comes_as_its_own_bytes_and_as_decoded_text():
    raw = "<p>Паром \U0001f41f</p>".encode("utf-16")
    page = given_to_an_extractor(Page(raw, "text/html"))
    assert (page.raw, page.html) == (raw, "<p>Паром \U0001f41f</p>")


@given(html_trees())
@example(("<sea-port>a</sea-port>b<br>c<button>d</button>e", [], ["ab", "cde"]))
@example(("<head><title>t</title><body><svg><text>n</text></svg><p>a<iframe>n</iframe>b", [], ["ab"]))  # no </head>
def test_a_worker_breaks_the_lines_of_a_page_where_the_harness_does(case):
    content, _, lines = case
    text = worker.ExtractorPage({"html": content, "raw": content.encode()}).text
    assert [" ".join(line.split()) for line in text.split("\n") if line.strip()] == lines
