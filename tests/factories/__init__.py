"""What many tests need: pages, goldens, records, runs, extractors and cells, made in one line each.

A builder gives everything a usual value; a test names only what it is about.
"""
