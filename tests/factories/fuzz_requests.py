"""What `harness fuzz` and `harness replay` are asked for."""

import argparse

from factories.places import PLANTED


def fuzz_arguments(tmp_path, **given):
    usual_values = {
        "extractor": [],
        "goldens": [],
        "kind": [],
        "lang": [],
        "site": [],
        "without_flag": [],
        "sample": None,
        "seed": 1,
        "search_seed": 1,
        "limit": None,
        "shard": None,
        "operators": [],
        "search": False,
        "limits": False,
        "minimal": None,
        "accept": False,
        "examples": 40,
        "seconds": None,
        "findings": tmp_path / "findings",
        "accepted": tmp_path / "accepted.yaml",
        "format": "table",
        "output": None,
        "jobs": 1,
        "fresh": False,
        "timeout": 10.0,
        "memory": 2**31,
        "isolated": False,
        "local_packages": [],
        "plugins": [PLANTED],
        "dumps": [],
        "names": [],
        "keep": False,
    }
    return argparse.Namespace(**{**usual_values, **given})
