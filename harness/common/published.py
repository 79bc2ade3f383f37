"""Where the project is published. OWNER is who publishes: the release workflow fills in the name."""

_FILES = "https://raw.githubusercontent.com/OWNER/extraction-harness/main"


def schema_address(name: str) -> str:
    """The address of a JSON Schema of harness.schemas."""
    return f"{_FILES}/docs/schemas/{name}.json"
