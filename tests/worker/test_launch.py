"""What the launcher of workers makes of the system and of the process that it was started by."""

import ctypes
import signal
import subprocess
import sys

from harness.common.launcher import launched
from harness.worker import launch


def test_a_system_that_half_forbids_namespaces_does_not_stop_an_extractor(monkeypatch):
    """Some grant the namespace and then refuse to let its users be mapped."""

    class Kernel:
        def unshare(self, flags: int) -> int:
            return 0 if flags & 0x10000000 else -1

    def refuse(*_: object) -> None:
        raise PermissionError("not for you")

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Kernel())
    monkeypatch.setattr(launch, "open", refuse, raising=False)
    launch.separate(network=False)


def test_signals_that_the_harness_ignores_in_the_background_of_a_shell_mean_what_they_mean_to_extractors():
    ignored = "[signal.getsignal(one) == signal.SIG_IGN for one in (signal.SIGINT, signal.SIGQUIT)]"
    code = f"import signal; print({ignored}, flush=True)"
    process = subprocess.Popen(
        launched([sys.executable, "-c", code], network=True),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: [signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGQUIT)],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "[False, False]\n"
    process.communicate(timeout=60)  # which closes its input, and so ends it
