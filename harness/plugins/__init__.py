"""From an extractor's name to a program that can run."""
