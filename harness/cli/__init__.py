"""The command line: words in, one command called, an exit code out."""
