"""Layouts: changes of labelled pages that carry their labels along, and what extractors make of them."""
