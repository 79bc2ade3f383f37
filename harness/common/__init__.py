"""What every room needs and none owns: errors and exit codes, wording, places on disk. Knows no page."""
