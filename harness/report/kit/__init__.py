"""What all reports are made with: terminals, progress, numbers, tables."""
