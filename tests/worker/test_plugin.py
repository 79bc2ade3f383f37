"""An extractor stays the function that it is."""

import ast
import inspect

import pytest

from harness import extractor
from harness.worker import plugin
from harness.worker.plugin import Declaration


def test_an_extractor_can_be_called_as_the_function_that_it_is():
    @extractor(variants={"x": {"mark": "!"}})
    def mine(page, mark="."):
        """First line.

        More.
        """
        return page + mark

    assert (mine("text"), mine("text", mark="!"), mine.summary) == ("text.", "text!", "First line.")


def test_type_checkers_and_editors_know_every_field_that_can_be_declared():
    functions = [node for node in ast.parse(inspect.getsource(plugin)).body if isinstance(node, ast.FunctionDef)]
    (signature,) = [function.args for function in functions if function.args.kwonlyargs]
    defaults = [ast.literal_eval(default) for default in signature.kw_defaults]
    assert [argument.arg for argument in signature.kwonlyargs] == [*Declaration._fields]
    assert dict(zip(Declaration._fields, defaults)) == Declaration()._asdict()


def test_a_field_that_does_not_exist_is_named():
    with pytest.raises(TypeError, match=r"'licens'.*licence"):
        extractor(licens="MIT")(lambda page: "")
