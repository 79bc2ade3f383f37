"""The formats of files as JSON Schemas, made from the types and vocabularies that files are read with (docs/schemas)."""
