"""Speed and memory of the harness: `python -m benchmarks` prints one table; the scripts look at one part each."""
