"""A stored page and every way to read text and structure from it, or from what an extractor returned."""
