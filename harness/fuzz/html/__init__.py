"""Changes of HTML pages that carry their labels along."""
