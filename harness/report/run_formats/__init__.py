"""One file for each format in which a run is written."""
