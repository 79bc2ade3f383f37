"""What is known of how a page's bytes became text; harness.goldens.vocabulary.FLAGS explains the names."""

PAGE_FLAGS = ("encoding-guessed", "encoding-misdeclared", "characters-lost")
"""All flags that `Page.flags` can hold, in its order."""
