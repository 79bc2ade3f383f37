"""What people and programs read: one module for each format. Nothing here computes a score."""
