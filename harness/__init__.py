"""A quality evaluation harness for boilerplate extractors."""

from harness.worker.plugin import extractor

__all__ = ["extractor"]
__version__ = "0.1.0"
