"""The metrics of public benchmarks, equal to the originals to the last bit."""
