"""The command line: arguments in, one command called, exit code out."""

import sys, argparse
from pathlib import Path

def main():
    p = argparse.ArgumentParser(prog="harness")
    sub = p.add_subparsers(dest="command")
    c = sub.add_parser("check"); c.add_argument("paths", nargs="*"); c.add_argument("--dumps", type=Path, action="append", default=[])
    s = sub.add_parser("show"); s.add_argument("--page"); s.add_argument("--dumps", type=Path, action="append", default=[])
    a = p.parse_args()
    if a.command == "check":
        from harness.commands import check
        return check.run(a)
    from harness.golden_sets import load_goldens, find_goldens, dumps_from
    from harness.report.golden_view import print_golden
    from harness.report.terminal import stdout_console
    l = load_goldens(find_goldens([a.page]), dumps_from(a.dumps))
    for m in l.mistakes: print(m)
    for g in l.goldens: print_golden(g, stdout_console())
    return 0
