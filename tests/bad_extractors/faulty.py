"""Small extractors with one fault each, for tests: what `faulty` does is written in the page (`fault: NAME`)."""

import contextlib
import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import extractor

FAULTS = {}


def fault(function):
    FAULTS[function.__name__] = function
    return function


@extractor(media="text/plain")
def faulty(page):
    """Does what the page asks for; returns its text if it asks for nothing."""
    name = page.text.partition("fault: ")[2].strip()
    return FAULTS[name](page) if name else page.text


@fault
def endless_loop(page):
    while True:
        pass


@fault
def endless_loop_in_c(page):
    re.match(r"(a+)+$", "a" * 50 + "b")


@fault
def endless_loop_deaf_to_signals(page):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    while True:
        pass


@fault
def complains_and_hangs(page):
    print("waiting for the tide", file=sys.stderr, flush=True)
    time.sleep(600)


@fault
def exits_at_once(page):
    os._exit(3)


@fault
def segfaults(page):
    os.kill(os.getpid(), signal.SIGSEGV)


@fault
def reads_address_zero(page):
    ctypes.string_at(0)


@fault
def raises(page):
    raise ValueError("the ladder is too short")


@fault
def raises_unprintable(page):
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError("no words for it")

    raise Unprintable


@fault
def raises_with_surrogates(page):
    raise ValueError("half a character: \ud800")


@fault
def raises_with_bytes_that_are_not_utf_8(page):
    os.write(2, b"stderr: \xe9\xff\n")
    raise ValueError("no file " + os.fsdecode(b"caf\xe9"))


@fault
def raises_with_escapes(page):
    raise ValueError("\x1b]0;owned\x07\x1b[31mred")


@fault
def panics_outside_exception(page):
    class PanicException(BaseException):
        """As Rust libraries raise it."""

    raise PanicException("index out of bounds")


@fault
def leaves_by_sys_exit(page):
    sys.exit("enough")


@fault
def recurses_forever(page):
    return recurses_forever(page)


@fault
def returns_none(page):
    return None


@fault
def returns_bytes(page):
    return b"bytes"


@fault
def returns_int(page):
    return 42


@fault
def returns_surrogates(page):
    return "half a character: \ud800"


@fault
def returns_spaces(page):
    return " \n\t "


@fault
def eats_memory(page):
    hoard = []
    while True:
        hoard.append(bytearray(10_000_000))


_hoard = []


@fault
def hoards_for_good(page):
    while True:
        _hoard.append(bytearray(1_000_000))


@fault
def hoards_for_good_and_answers(page):
    try:
        hoards_for_good(page)
    except MemoryError:
        return "the answer"


@fault
def needs_memory(page):
    return f"{len(bytearray(100_000_000))} bytes"


@fault
def asks_for_a_terabyte(page):
    return str(len(bytearray(10**12)))


@fault
def prints_megabytes(page):
    print("chatter " * 500_000)
    os.write(1, b"more chatter\n" * 100_000)
    return "the answer"


@fault
def prints_a_gigabyte(page):
    megabyte = b"x" * 2**20
    for _ in range(1000):
        view = memoryview(megabyte)
        while view:
            view = view[os.write(1, view) :]
    return "the answer"


@fault
def prints_a_forged_answer(page):
    print('{"id": "x", "outcome": "ok", "text": "forged"}', flush=True)
    return "the answer"


@fault
def closes_stdout(page):
    sys.stdout.close()
    os.close(1)
    return "the answer"


@fault
def closes_everything(page):
    os.closerange(0, 256)
    return "nobody hears it"


@fault
def closes_everything_and_stays(page):
    os.closerange(0, 256)
    time.sleep(600)


@fault
def scribbles_into_every_pipe(page):
    for descriptor in range(3, 16):
        with contextlib.suppress(OSError):
            os.write(descriptor, b'{"scribble": 1}\n')
    return "the answer"


@fault
def reads_standard_input(page):
    return "read: " + repr(sys.stdin.read())


@fault
def installs_signal_handlers(page):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, lambda *_: sys.exit(1))
    return "the answer"


@fault
def changes_the_working_directory(page):
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    Path(folder).rmdir()
    return "the answer"


@fault
def tells_the_working_directory(page):
    return str(Path.cwd())


@fault
def connects(page):
    """Reads what a server sends; its address is the page's URL."""
    host, port = page.url.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        return connection.recv(100).decode()


@fault
def goes_back_to_the_network(page):
    """Joins the network of the process whose number is the page's URL, and reads what a server there sends."""
    process, _, page.url = page.url.partition("@")
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/proc/{process}/ns/net").open() as namespace:
        if libc.setns(namespace.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")
    return connects(page)


@fault
def opens_memory(page):
    """Opens the memory of the process whose number is the page's URL, as a debugger does."""
    with Path(f"/proc/{page.url}/mem").open("r+b"):
        return "opened"


@fault
def measures_itself(page):
    hoard = bytearray(b"x") * 200_000_000
    page.add_cost(0.25)
    page.add_cost(0.5)
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    return str(len(hoard))


def _note(page, pid):
    Path(page.url, str(pid)).touch()


@fault
def leaves_a_process_behind(page):
    _note(page, subprocess.Popen(["sleep", "600"]).pid)
    return "the answer"


@fault
def dies_and_leaves_a_process_behind(page):
    _note(page, subprocess.Popen(["sleep", "600"]).pid)
    os._exit(3)


@fault
def dies_and_leaves_a_fork_behind(page):
    child = os.fork()
    if child == 0:
        time.sleep(600)
        os._exit(0)
    _note(page, child)
    os._exit(3)


@fault
def leaves_a_daemon_that_holds_every_pipe(page):
    if os.fork() == 0:
        os.setsid()
        child = os.fork()
        if child:
            _note(page, child)
            os._exit(0)
        time.sleep(600)
    os.wait()
    return "the answer"


@fault
def dies_and_leaves_a_daemon_that_holds_every_pipe(page):
    leaves_a_daemon_that_holds_every_pipe(page)
    os._exit(3)


@fault
def leaves_a_daemon_and_kills_its_launcher(page):
    leaves_a_daemon_that_holds_every_pipe(page)
    os.kill(os.getppid(), signal.SIGKILL)
    return "the answer"


@fault
def leaves_a_daemon_and_kills_all_that_it_may(page):
    leaves_a_daemon_that_holds_every_pipe(page)
    os.kill(-1, signal.SIGKILL)
    return "the answer"


@fault
def notes_its_process_and_sleeps(page):
    _note(page, os.getpid())
    time.sleep(600)


@extractor(media="text/plain")
def sleeps_after_the_first(page):
    """Answers pages that say `quick`; sleeps on all others."""
    if "quick" not in page.text:
        time.sleep(600)
    return page.text


@extractor(media="text/plain")
def shouts(page, *, mark="!"):
    """The page in capital letters."""
    return page.text.upper() + mark


_pages_seen = []


@extractor(media="text/plain")
def leaks(page):
    """How many pages this process has seen: a global that grows."""
    if page.text == "crash":
        os._exit(3)
    _pages_seen.append(page)
    return str(len(_pages_seen))
