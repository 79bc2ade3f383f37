"""One file for each format of public datasets."""
