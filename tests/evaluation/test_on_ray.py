"""A Ray cluster of processes of this machine: whatever is killed, the merged run is the one that a single machine makes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from factories.goldens import write_golden
from factories.processes import start, still_alive
from harness.cli.main import main
from harness.runs.find import read_run

PLUGINS = '''\
"""One extractor that works, and three that fail on some pages, each in its way."""
import os
import pathlib
import time

from harness import extractor


def number_of(page):
    return int(page.text.split()[3])


@extractor(media="text/plain")
def steady(page):
    return page.text.splitlines()[0]


@extractor(media="text/plain")
def hangs(page):
    if number_of(page) % 70 == 30:
        time.sleep(600)
    return page.text.upper()


@extractor(media="text/plain")
def crashes(page):
    if number_of(page) % 9 == 4:
        os._exit(3)
    return page.text


@extractor(media="text/plain")
def hoards(page):
    if number_of(page) % 40 == 7:
        return "x" * len(bytearray(10**12))
    return page.text.lower()


@extractor(media="text/plain")
def sleeps(page):
    pathlib.Path("alive", str(os.getpid())).touch()
    time.sleep(600)
'''
PAGES, SHARDS = 200, 40
ALL = ("steady", "hangs", "crashes", "hoards")
WORDS = ["--plugins", "plugins.py", "-g", "goldens", "--fresh", "--timeout", "5"]
RUN = ["run", *WORDS, *(word for name in ALL for word in ("-e", name))]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head that runs no tasks."""
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # A node is dead when it refuses to talk, not when a loaded machine lets it wait.
    patience = {"health_check_timeout_ms": 60_000, "health_check_period_ms": 1_000, "health_check_initial_delay_ms": 60_000}
    head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": 80_000_000, "_system_config": patience}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    yield cluster
    cluster.shutdown()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    for number in range(PAGES):
        text = f"The ferry number {number} was late.\nBuy a ticket for boat {number} now.\n"
        write_golden(Path("goldens/many"), f"p{number:03}", text, [{"keep": 1, "as": "body"}, {"drop": 2, "as": "promo"}])
    Path("plugins.py").write_text(PLUGINS)
    Path("alive").mkdir()
    return tmp_path


def begin_node(cluster: Any) -> Any:
    return cluster.add_node(num_cpus=1, object_store_memory=80_000_000)


def kill_node(node: Any) -> None:
    """What a power failure does to a node: all its processes are gone at once."""
    raylet = node.all_processes["raylet"][0].process.pid
    parents = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for pid, parent in (map(int, line.split()) for line in parents.splitlines()):
        children.setdefault(parent, []).append(pid)
    pending, tree = [raylet], []
    while pending:
        tree.append(pending.pop())
        pending += children.get(tree[-1], [])
    for pid in tree:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def wait_until(is_so: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not is_so():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def complete() -> dict[str, int]:
    """The shards that are complete, and when they were written."""
    return {path.name: path.stat().st_mtime_ns for path in Path("parts").glob("0*.jsonl")}


def are_all_at_work() -> bool:
    """Whether both nodes are in the middle of a shard."""
    unfinished = [path.read_bytes().count(b'{"type":"record"') for path in Path("parts").glob(".unfinished-*/*.jsonl")]
    return len(unfinished) == 2 and all(unfinished)


def rows(run_id: str | None = None) -> list[str]:
    """The records of a run, sorted, as they are in its file but for timings."""
    run = read_run(run_id)
    lines = [line for line in Path(f"reports/runs/{run.id}.jsonl").read_text().splitlines() if '"type":"record"' in line]
    return sorted(json.dumps({**json.loads(line), "timing": {}}) for line in lines)


@pytest.mark.slow
def test_a_killed_node_and_a_killed_driver_cost_nothing_but_time(cluster: Any, project: Path) -> None:
    assert main(RUN) == 0
    whole = rows()
    outcomes = {json.loads(row)["outcome"] for row in whole}
    assert outcomes == {"ok", "timeout", "crash", "memory"}
    assert len(whole) == PAGES * len(ALL)

    nodes = [begin_node(cluster) for _ in range(2)]
    words = [*RUN, "--run-folder", "parts", "--shards", str(SHARDS), "--engine", f"ray:{cluster.address}"]
    driver = start(*words)
    wait_until(lambda: len(complete()) >= SHARDS // 5 and are_all_at_work(), driver)
    kill_node(nodes[0])
    after_the_first = len(complete())
    wait_until(lambda: len(complete()) >= after_the_first + 3, driver)  # what goes on without it
    driver.kill()
    driver.communicate(timeout=60)
    kept = complete()
    assert 0 < len(kept) < SHARDS

    begin_node(cluster)
    resumed = start("run", "--resume", "parts", "--fresh", "--engine", f"ray:{cluster.address}")
    _, err = resumed.communicate(timeout=600)
    assert resumed.returncode == 0, err
    assert len(complete()) == SHARDS
    assert kept.items() <= complete().items(), "complete shards were made again"
    assert rows() == whole
    assert not list(Path("parts").glob(".unfinished-*"))


@pytest.mark.slow
def test_an_interrupted_driver_ends_all_tasks_and_what_they_started(cluster: Any, project: Path) -> None:
    if len(cluster.list_all_nodes()) < 2:
        begin_node(cluster)
    words = ["run", "-e", "sleeps", *WORDS[:-2], "--timeout", "500", "--run-folder", "parts", "--shards", "9"]
    driver = start(*words, "--engine", f"ray:{cluster.address}")
    wait_until(lambda: any(Path("alive").iterdir()), driver)
    driver.send_signal(signal.SIGINT)
    _, err = driver.communicate(timeout=120)
    assert driver.returncode == 130, err
    assert "harness run --resume parts --engine=ray:" in err
    assert not still_alive(Path("alive"))


def test_an_address_without_a_cluster_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    assert main([*RUN, "--engine", "ray:127.0.0.1:9"]) == 3
    assert "no Ray cluster at 127.0.0.1:9" in capsys.readouterr().err
