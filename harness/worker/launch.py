"""Runs a program as an extractor's worker, and ends everything that it started: `python launch.py [--no-network] COMMAND…`.

The command is a child with a session of its own. Once it ends, or the other side of standard input is closed, since the
harness is done with it or is dead, everything that it has started is killed. Then this process ends as the command did.

Where Linux lets us, the command and all that it starts see and signal only each other: they are in a process namespace,
which ends, with everything in it, when its first process does. That one, the keeper, is a child of this process and the
parent of the command. Elsewhere this process is the keeper, adopts what is left on its own, and kills it.

Standard library only and Python 3.8, since it also runs where nothing of the harness is installed. It imports little, since
every start of a worker waits for it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import sys

_NEW_MOUNTS, _NEW_USER, _NEW_PROCESSES, _NEW_NETWORK = 0x20000, 0x10000000, 0x20000000, 0x40000000  # <linux/sched.h>
_PRIVATE, _OF_ALL_BELOW = 1 << 18, 1 << 14  # of Linux, <linux/mount.h>
_NO_PROGRAMS = 0b1110  # of Linux, <linux/mount.h>: nor devices, nor other rights
_DEATH_SIGNAL, _DROP_CAPABILITY, _ADOPT_ORPHANS = 1, 24, 36  # of Linux, <linux/prctl.h>
_TRACE, _ADMINISTRATION = 19, 21  # of Linux, <linux/capability.h>
_LINUX = sys.platform.startswith("linux")


def separate(network: bool) -> bool:
    """Take the network from this process and its children, unless they may have one, and give its children a process
    namespace. Whether they have that.

    It does what the system lets us, as root or through a user namespace; a part of it where all is refused. Platforms
    other than Linux offer ordinary users no such thing.
    """
    if not _LINUX:
        return False
    cut = 0 if network else _NEW_NETWORK
    for apart in (_NEW_PROCESSES | _NEW_MOUNTS, 0):
        for user in (0, _NEW_USER):
            if cut | apart and _unshare(cut | apart | user):
                return bool(apart)
    return False


def _unshare(flags: int) -> bool:
    """Move into new namespaces; False if that is refused."""
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
        return False
    # Stay who we are inside a new user namespace.
    maps = (("setgroups", "deny"), ("uid_map", "%d %d 1" % (user, user)), ("gid_map", "%d %d 1" % (group, group)))
    for name, text in maps if flags & _NEW_USER else ():
        try:
            with open("/proc/self/" + name, "w") as file:
                file.write(text)
        except OSError:
            break  # some systems forbid it; the rest holds all the same, and files stay as readable as they were
    return True


def _show_own_processes() -> None:
    """Let /proc show the processes of this namespace, here only. Where that is refused, it shows those of the system."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mount(b"none", b"/", None, _PRIVATE | _OF_ALL_BELOW, None)
    libc.mount(b"proc", b"/proc", b"proc", _NO_PROGRAMS, None)


def _control_process(option: int, value: int) -> None:
    if _LINUX:
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _become(command: list[str], keeper: int, network: bool) -> None:
    """Turn the child into the command; it dies with its keeper."""
    os.setsid()  # so that a command that signals its group does not hit the keeper
    for number in (signal.SIGINT, signal.SIGQUIT):  # shells let what they start in the background ignore both
        signal.signal(number, signal.SIG_DFL)
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


def _wait(child: int, wakeups: int, report: int) -> int:
    """Reap until the command ends, standard input or `report` is closed, or SIGTERM comes.

    The command's status; SIGKILL if it lives.
    """
    watch = select.poll()
    watch.register(0, 0)  # its end only: what comes in is for the command
    watch.register(report, 0)
    watch.register(wakeups, select.POLLIN)
    while True:
        pid = -1
        while pid != 0:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == child:
                return status
        for descriptor, _ in watch.poll():
            if descriptor != wakeups or signal.SIGTERM in os.read(wakeups, 4096):
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
        number = os.WTERMSIG(status)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # one core file is enough
        if number not in (signal.SIGKILL, signal.SIGSTOP):  # those have no other action
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        os._exit(128 + number)
    os._exit(os.WEXITSTATUS(status))


def _follow(keeper: int, reports: int) -> None:
    """End as the command did, which the keeper reports, once it and all others of its namespace have ended."""
    signal.signal(signal.SIGTERM, lambda *_: _kill(keeper))
    _let_go_of_output()
    status = os.read(reports, 16)  # empty if the keeper was killed
    os.waitpid(keeper, 0)
    _end_as(int(status or signal.SIGKILL))


def _let_go_of_output() -> None:
    """When the command closes its own, nobody is to hold it open."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nothing, descriptor)


def _keep(command: list[str], network: bool, report: int) -> int:
    """Run the command. Its status once it has ended or is to end; SIGKILL if it lives."""
    _control_process(_ADOPT_ORPHANS, 1)
    wakeups, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    keeper, child = os.getpid(), os.fork()
    if child == 0:
        _become(command, keeper, network)
    _let_go_of_output()
    status = _wait(child, wakeups, report)
    if not _is_first():
        _kill_all(child)
    return status


def _is_first() -> bool:
    """Whether this is the first process of a namespace, with which all others of it end."""
    return os.getpid() == 1


def main() -> None:
    """Run the command, and end as it does."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))  # the harness may have less for a while, where it scores a page
    command = sys.argv[1:]
    network = command[:1] != ["--no-network"]
    command = command if network else command[1:]
    reports, report = os.pipe()
    if separate(network):
        keeper = os.fork()
        if keeper:
            os.close(report)
            _follow(keeper, reports)
        os.close(reports)  # so that the keeper sees when this process is gone
        _show_own_processes()
        os.write(report, b"%d" % _keep(command, network, report))
    else:
        _end_as(_keep(command, network, report))


if __name__ == "__main__":
    main()
