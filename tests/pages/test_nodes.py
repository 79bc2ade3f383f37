"""Elements that an extractor chooses by number: what is left of the page."""

from __future__ import annotations

import pytest

from factories.pages import html_page
from harness.pages.formats import as_text
from harness.pages.nodes import chosen_html
from harness.worker.nodes import number_elements

PAGE = """<!DOCTYPE html><html><head><title>Late <b></title><script>if (a<b) {}</script></head><body><!-- <p> -->
<nav>Home</nav><div>Loose <p data-node="1">The ferry<p>was late.<ul><li>One<li>Two</ul></div>
<table><tr><td>a<td>b</table></body></html>"""
# html 1, head 2, body 3, nav 4, div 5, p 6, p 7, ul 8, li 9, li 10, table 11, tr 12, td 13, td 14


def text(numbers: str) -> str:
    return " / ".join(as_text(chosen_html(html_page(PAGE), numbers), "html").split("\n"))


def test_elements_are_numbered_as_their_start_tags_come_and_nothing_else_is():
    assert number_elements("<p>a<br/>b</p><!-- <p> --><script>'<i>'</script><B class=x>c") == (
        '<p data-node="1">a<br data-node="2"/>b</p><!-- <p> --><script>\'<i>\'</script><B data-node="3" class=x>c'
    )


def test_a_last_tag_without_an_end_is_no_element_however_often_it_seems_to_begin():
    assert number_elements("<p>a" + "<b" * 100_000) == '<p data-node="1">a' + "<b" * 100_000


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ("6", "The ferry"),
        ("7, 6", "The ferry / was late."),
        ("[9]", "One"),
        ("5 7", "Loose / The ferry / was late. / One / Two"),
        ("14", "b"),
        ("6main7other10main", "The ferry / Two"),
        ('{"6": "main", "7": "other"}', "The ferry"),
        ('{"7": "other"}', ""),
        ("3", "Home / Loose / The ferry / was late. / One / Two / a / b"),
        ("1", "Home / Loose / The ferry / was late. / One / Two / a / b"),
        ("", ""),
        ("[]", ""),
    ],
)
def test_what_is_chosen_is_left_with_all_in_it(numbers, expected):
    assert text(numbers).replace("\t", " / ") == expected


@pytest.mark.parametrize("numbers", ["99", "0", "6, 99", "the sixth", "6; 7", '{"6": "best"}', "6 <p>"])
def test_what_is_no_number_of_an_element_is_refused(numbers):
    with pytest.raises(ValueError, match=r"chose element|no numbers of elements"):
        chosen_html(html_page(PAGE), numbers)


@pytest.mark.parametrize("numbers", ["[" + " " * 50_000 + "x", "1" + " " * 50_000 + "x", '1main"' * 10_000 + "!"])
def test_a_long_answer_that_is_no_list_is_refused_as_soon_as_it_is_read(numbers):
    with pytest.raises(ValueError, match="no numbers of elements"):
        chosen_html(html_page(PAGE), numbers)


def test_tags_around_the_chosen_elements_stay():
    assert chosen_html(html_page(PAGE), "14").replace(" ", "").count("<tr") == 1
