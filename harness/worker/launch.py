"""Runs a program as an extractor's worker, and ends everything that it started: `python launch.py [--no-network] COMMAND…`.

The command is a child with a session of its own. Once it ends, or the other side of standard input is closed, since the
harness is done with it or is dead, everything below this process is killed. Then this process ends as the command did.

Standard library only and Python 3.8, since it also runs where nothing of the harness is installed. It imports little, since
every start of a worker waits for it.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # of Linux, <linux/sched.h>
_DEATH_SIGNAL, _DROP_CAPABILITY, _ADOPT_ORPHANS = 1, 24, 36  # of Linux, <linux/prctl.h>
_TRACE, _ADMINISTRATION = 19, 21  # of Linux, <linux/capability.h>
_LINUX = sys.platform.startswith("linux")


def cut_network() -> bool:
    """Leave this process and its children without any network. False where the platform does not let us.

    On Linux the process moves into a network namespace that has no device that is up, as root or through a user
    namespace of its own. Other platforms offer ordinary users no such thing.
    """
    if not _LINUX:
        return False
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


def _control_process(option: int, value: int) -> None:
    if _LINUX:
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _become(command: list[str], keeper: int, network: bool) -> None:
    """Turn the child into the command; it dies with its keeper."""
    os.setsid()  # so that a command that signals its group does not hit the keeper
    _control_process(_DEATH_SIGNAL, signal.SIGKILL)
    if not network:
        for capability in (_ADMINISTRATION, _TRACE):  # root could go back to the network, or make a process do it
            _control_process(_DROP_CAPABILITY, capability)
    if os.getppid() != keeper:
        os._exit(1)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, ("%s: %s\n" % (command[0], error.strerror)).encode("utf-8", "backslashreplace"))
    os._exit(127)


def _wait(child: int, wakeups: int) -> int:
    """Reap until the command ends, standard input is closed, or SIGTERM comes. The command's status; SIGKILL if it lives."""
    watch = select.poll()
    watch.register(0, 0)  # its end only: what comes in is for the command
    watch.register(wakeups, select.POLLIN)
    while True:
        pid = -1
        while pid != 0:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == child:
                return status
        for descriptor, _ in watch.poll():
            if descriptor == 0 or signal.SIGTERM in os.read(wakeups, 4096):
                return int(signal.SIGKILL)


def _kill_all(child: int) -> None:
    """Kill the command and all that it started, and wait until they are gone."""
    if not _LINUX:
        _kill(child, group=True)
    try:
        while True:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                for pid in _descendants():
                    _kill(pid)
                os.waitpid(-1, 0)  # whatever a dying process has started is ours before that process can be waited for
    except ChildProcessError:  # none is left
        return


def _kill(pid: int, *, group: bool = False) -> None:
    try:
        (os.killpg if group else os.kill)(pid, signal.SIGKILL)
    except OSError:
        return  # it has ended


def _descendants() -> list[int]:
    """Every process below this one; none where the system does not tell."""
    parents = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
            except OSError:  # it has ended
                continue
    below: list[int] = []
    found = {os.getpid()}
    while found:
        found = {pid for pid, parent in parents.items() if parent in found}
        below += found
    return below


def _end_as(status: int) -> None:
    """End this process with the status of another one."""
    if os.WIFSIGNALED(status):
        import resource

        number = os.WTERMSIG(status)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # one core file is enough
        if number not in (signal.SIGKILL, signal.SIGSTOP):  # those have no other action
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        os._exit(128 + number)
    os._exit(os.WEXITSTATUS(status))


def main() -> None:
    """Run the command, and end as it does."""
    command = sys.argv[1:]
    network = command[:1] != ["--no-network"]
    if not network:
        cut_network()
        command = command[1:]
    _control_process(_ADOPT_ORPHANS, 1)
    wakeups, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    keeper, child = os.getpid(), os.fork()
    if child == 0:
        _become(command, keeper, network)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):  # when the command closes its own, nobody is to hold them open
        os.dup2(nothing, descriptor)
    status = _wait(child, wakeups)
    _kill_all(child)
    _end_as(status)


if __name__ == "__main__":
    main()
