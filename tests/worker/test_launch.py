"""A system that half forbids namespaces does not stop an extractor."""

import ctypes

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
