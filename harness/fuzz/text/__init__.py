"""Changes of text dumps that carry their labels along."""
