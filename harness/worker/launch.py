"""Starts a program without a network: `python launch.py [--no-network] COMMAND…` becomes COMMAND.

Standard library only and Python 3.8, since workers use it too.
"""

from __future__ import annotations

import os
import sys

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # of Linux, <linux/sched.h>


def cut_network() -> bool:
    """Leave this process and its children without any network. False where the platform does not let us.

    On Linux the process moves into a network namespace that has no device that is up, as root or through a user
    namespace of its own. Other platforms offer ordinary users no such thing.
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        return False
    # Stay who we are inside the new user namespace.
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", "%d %d 1" % (user, user)),
        ("gid_map", "%d %d 1" % (group, group)),
    ):
        try:
            with open("/proc/self/" + name, "w") as file:
                file.write(text)
        except OSError:
            break  # some systems forbid it; the network is cut all the same, and files stay as readable as they were
    return True


def main() -> None:
    """Become the command."""
    command = sys.argv[1:]
    if command[:1] == ["--no-network"]:
        cut_network()
        command = command[1:]
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
