"""What runs inside an extractor's process: Python 3.8, standard library only, nothing else of the harness."""
