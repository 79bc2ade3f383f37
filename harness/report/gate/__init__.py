"""The gate's verdict, one file for each form."""
