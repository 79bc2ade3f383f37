"""Looks for the worst layouts and makes them small."""
