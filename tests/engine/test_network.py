"""An extractor has a network only if it declares one."""

import os
import socketserver
import threading

import pytest

from factories.extractors import answers_of, python_runnable
from factories.faults import bad_extractor, fault_page
from factories.pages import text_page
from factories.places import FAULTY
from factories.processes import can_cut_network


@pytest.fixture
def server():
    """The address of a server on this machine that greets whoever connects."""

    class Greeter(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.sendall(b"good evening")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greeter) as greeter:
        threading.Thread(target=greeter.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{greeter.server_address[1]}"
        greeter.shutdown()


def test_an_extractor_that_declares_a_network_has_one(server):
    (answer,) = answers_of(python_runnable(FAULTY, "faulty", network=True), [fault_page("connects", server)])
    assert answer.text == "good evening"


@pytest.mark.skipif(not can_cut_network(), reason="this system does not let us cut off a network")
def test_an_extractor_that_declares_no_network_has_none(server):
    refused, after = answers_of(bad_extractor("faulty"), [fault_page("connects", server), text_page("next page")])
    assert refused.outcome == "error"
    assert "OSError" in refused.error
    assert after.text == "next page"


@pytest.mark.skipif(not can_cut_network() or os.getuid() != 0, reason="only root could trace any process")
def test_root_without_a_network_cannot_make_the_harness_act_for_it():
    (refused,) = answers_of(bad_extractor("faulty"), [fault_page("opens_memory", str(os.getpid()))])
    assert refused.outcome == "error"
    assert refused.error.partition(":")[0] in ("PermissionError", "FileNotFoundError")  # it may not even see this process


@pytest.mark.skipif(not can_cut_network(), reason="this system does not let us cut off a network")
def test_an_extractor_cannot_go_back_to_the_network_it_came_from_not_even_as_root(server):
    (refused,) = answers_of(bad_extractor("faulty"), [fault_page("goes_back_to_the_network", f"{os.getpid()}@{server}")])
    assert refused.outcome == "error"
    assert refused.text == ""
