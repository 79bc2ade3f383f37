"""Where the project is published. `make owner NAME=ann` writes that here and into every file with an address of it."""

OWNER = ""
"""The account that publishes the project, as it stands in addresses; empty as long as nobody does."""
_NOBODY = "OWNER"  # stands in addresses until then


def repository() -> str:
    """The address of the project. Nothing is there as long as there is no owner."""
    return f"https://github.com/{OWNER or _NOBODY}/extraction-harness"


def schema_address(name: str) -> str:
    """The address of a JSON Schema of harness.schemas; the same holds."""
    return f"https://raw.githubusercontent.com/{OWNER or _NOBODY}/extraction-harness/main/docs/schemas/{name}.json"
