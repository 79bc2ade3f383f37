"""What docstrings must say."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def undocumented_fields(module: ast.Module) -> Iterator[str]:
    """The fields of public classes that no docstring follows."""
    for kind in ast.walk(module):
        if isinstance(kind, ast.ClassDef) and not kind.name.startswith("_"):
            for node, after in zip(kind.body, [*kind.body[1:], None], strict=True):
                is_field = isinstance(node, ast.AnnAssign) and "ClassVar" not in ast.unparse(node.annotation)
                is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                if is_field and not is_text and not ast.unparse(node.target).startswith("_"):
                    yield f"{kind.name}.{ast.unparse(node.target)}"


def test_each_field_of_a_public_class_is_documented_under_it():
    found = {
        f"{path.relative_to(ROOT)}: {field}"
        for path in (ROOT / "harness").rglob("*.py")
        for field in undocumented_fields(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()
