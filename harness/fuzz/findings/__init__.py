"""What a search found, on disk, and whether it still fails."""
