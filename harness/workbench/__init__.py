"""The workbench: labels and runs in a browser, from a server on this machine that nothing else can use.

Modules that need the extra `workbench` are imported by `serve` only.
"""
