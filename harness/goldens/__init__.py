"""What a person said of a page: labels, their files, the sets that they form."""
