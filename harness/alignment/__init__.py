"""An output laid beside its golden: which words were kept, missed, leaked, and where leaks came from."""
