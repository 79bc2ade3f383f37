"""`harness completion`: what a shell needs to complete command lines."""

from __future__ import annotations

import argparse

from argcomplete.shell_integration import shellcode

from harness.cli.writing import write_text
from harness.common.errors import OK

_SHELLS = ("bash", "zsh", "fish")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("shell", choices=_SHELLS, help='in bash and zsh: eval "$(harness completion bash)"')


def run(arguments: argparse.Namespace) -> int:
    """Print a function of the shell that asks the harness."""
    write_text(shellcode(["harness"], shell=arguments.shell) + "\n", None)
    return OK
