"""What later runs are judged by."""
