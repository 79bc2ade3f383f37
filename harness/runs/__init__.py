"""What was measured: records, the file of a run, and values over many pages."""
