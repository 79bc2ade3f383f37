"""Text that no reader sees and extractors return, and visible text that they take for hidden: `harness exposure`."""
