"""What a change of layout does to extractors."""
