"""One module for each command: takes the parsed arguments, calls the harness, returns the exit code."""
