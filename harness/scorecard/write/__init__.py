"""A scorecard as HTML, Markdown and charts."""
