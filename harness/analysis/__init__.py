"""What runs say beside each other; computes, prints nothing."""
