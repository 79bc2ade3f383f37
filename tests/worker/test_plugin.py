"""An extractor stays the function that it is."""

from harness import extractor


def test_an_extractor_can_be_called_as_the_function_that_it_is():
    @extractor(variants={"x": {"mark": "!"}})
    def mine(page, mark="."):
        """First line.

        More.
        """
        return page + mark

    assert (mine("text"), mine("text", mark="!"), mine.summary) == ("text.", "text!", "First line.")
