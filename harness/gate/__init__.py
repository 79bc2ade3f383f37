"""A run, a baseline and rules give a verdict. Never sees a page."""
