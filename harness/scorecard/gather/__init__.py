"""What a scorecard shows, as plain values."""
