"""However the harness ends, nothing that it started lives on: neither workers, nor what extractors leave behind."""

import signal
import time
from pathlib import Path

import pytest

from factories.goldens import write_goldens
from factories.places import needs_node
from factories.processes import start, still_alive

# Each notes its process in `alive/` and then sleeps or loops far longer than any test waits.
LOOPS = """
import os, pathlib
from harness import extractor

@extractor(media="text/plain")
def loops(page):
    pathlib.Path("alive", str(os.getpid())).touch()
    while True:
        pass
"""
# A daemon of the classic kind: a session of its own, and a parent that is gone.
DAEMON_OF_PYTHON = """
import os, pathlib, time
from harness import extractor

@extractor
def leaves(page):
    child = os.fork()
    if child == 0:
        os.setsid()
        daemon = os.fork()
        if daemon:
            os._exit(0)
        os.closerange(0, 256)
        pathlib.Path("alive", str(os.getpid())).touch()
        time.sleep(600)
    os.waitpid(child, 0)
    while not any(pathlib.Path("alive").iterdir()):
        time.sleep(0.01)
    return "left"
"""
DAEMON_OF_NODE = """
import { spawn } from "node:child_process";
import fs from "node:fs";

export default function leaves(page) {
  const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  child.unref();
  fs.writeFileSync(`alive/${child.pid}`, "");
  return "left";
}
"""
DAEMON_OF_A_SHELL = "setsid sh -c 'touch alive/$$; exec sleep 600' </dev/null >/dev/null 2>&1 & sleep 0.2; echo left"
DAEMONS = {
    "Python": ("leaves.py", DAEMON_OF_PYTHON, "./leaves.py:leaves"),
    "Node": ("leaves.mjs", DAEMON_OF_NODE, "./leaves.mjs:default"),
    "command": ("leaves.sh", DAEMON_OF_A_SHELL, "cmd:sh leaves.sh"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("alive").mkdir()
    write_goldens(tmp_path / "goldens", ["The ferry was late.\nThe winch had frozen.", "The quay was wet.\nIt rained."])
    return tmp_path


def hear_signals() -> None:
    """Where tests run in the background of a shell, some signals are ignored, and children inherit that."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def noted() -> None:
    """Wait until a process is noted."""
    for _ in range(1500):
        if any(Path("alive").iterdir()):
            return
        time.sleep(0.02)
    pytest.fail("no process was noted")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGINT], ids=lambda s: s.name)
@pytest.mark.parametrize(
    "command",
    [
        ["run", "-e", "./loops.py:loops", "-j", "1"],
        ["fuzz", "-e", "./loops.py:loops", "-j", "2"],
    ],
    ids=["run", "fuzz"],
)
def test_a_signal_to_the_harness_ends_the_workers(command, ending):
    Path("loops.py").write_text(LOOPS)
    running = start(*command, "-g", "goldens", "--timeout", "600", preexec_fn=hear_signals)
    noted()
    running.send_signal(ending)
    running.communicate(timeout=60)
    assert running.returncode != 0
    assert still_alive(Path("alive")) == []


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs_node if kind == "Node" else ()) for kind in DAEMONS])
def test_a_daemon_of_an_extractor_does_not_outlive_the_run(kind):
    file, code, name = DAEMONS[kind]
    Path(file).write_text(code)
    running = start("run", "-e", name, "-g", "goldens", "-j", "1", "--fresh")
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0, out + err
    assert still_alive(Path("alive")) == []


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs_node if kind == "Node" else ()) for kind in DAEMONS])
def test_a_daemon_of_an_extractor_does_not_outlive_a_killed_run(kind):
    file, code, name = DAEMONS[kind]
    Path(file).write_text(code)
    Path("loops.py").write_text(LOOPS.replace('"alive"', '"loops"'))
    Path("loops").mkdir()
    running = start("run", "-e", name, "-e", "./loops.py:loops", "-g", "goldens", "-j", "2", "--timeout", "600", "--fresh")
    noted()
    running.kill()
    running.communicate(timeout=60)
    assert still_alive(Path("alive")) == []


@pytest.mark.parametrize("ending", ["", "import time; time.sleep(600)"], ids=["itself", "killed"])
def test_a_daemon_that_a_plugin_starts_when_it_is_imported_does_not_outlive_the_command(ending):
    Path("leaves.sh").write_text(DAEMON_OF_A_SHELL)
    Path("leaves.py").write_text(f"import subprocess\nsubprocess.run(['sh', 'leaves.sh'])\n{ending}\n")
    running = start("list", "extractors", "--plugins", "leaves.py")
    noted()
    if ending:
        running.kill()
    running.communicate(timeout=60)
    assert still_alive(Path("alive")) == []
