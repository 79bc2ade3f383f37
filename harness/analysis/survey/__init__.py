"""What outputs say of extractors and of each other where no page has labels."""
