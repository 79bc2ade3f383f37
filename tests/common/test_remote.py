"""Files at addresses, by the file systems of fsspec that need no network, and by a server of S3 on this machine."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from factories.archives import archive, response
from factories.ferries import make_ferries, plain
from harness.cli.main import main
from harness.common import remote
from harness.datasets import DatasetError
from harness.datasets.formats import warc
from harness.runs.find import read_run

RUN = ["run", "--plugins", "plugins.py", "-e", "moody", "-j", "1"]


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address in fsspec's memory."""
    fsspec = pytest.importorskip("fsspec", reason="the extra `remote` is not installed")
    monkeypatch.chdir(tmp_path)
    yield "memory://bucket"
    fsspec.filesystem("memory").store.clear()


@pytest.fixture
def s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address of a bucket of a server of S3 on the loopback."""
    moto = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    s3fs = pytest.importorskip("s3fs", reason="the extra `remote` is not installed")
    monkeypatch.chdir(tmp_path)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3fs.S3FileSystem.clear_instance_cache()
    bucket = f"crawl-{uuid.uuid4()}"  # what a server has, others of this process have too
    s3fs.S3FileSystem().mkdir(bucket)
    yield f"s3://{bucket}"
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


@pytest.fixture(params=["memory", "file", pytest.param("s3", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where files can be put."""
    if request.param == "file":
        request.getfixturevalue("memory")
        return f"file://{tmp_path}/bucket"
    return str(request.getfixturevalue(request.param))


def put(address: str, name: str, content: bytes) -> None:
    remote.RemoteStore(address.rstrip("/")).add(name, content)


def test_archives_at_an_address_are_those_of_a_folder(address: str) -> None:
    Path("here").mkdir()
    for site in ("a", "b"):
        content = archive([response(f"http://{site}.example/{n}", f"<p>{site} {n}".encode()) for n in range(4)], packed=True)
        (Path("here") / f"{site}.warc.gz").write_bytes(content)
        put(address, f"{site}.warc.gz", content)
    put(address, "warc.paths", f"a.warc.gz\n{address}/b.warc.gz\n".encode())
    put(address, "notes.txt", b"not an archive")
    wanted = [(entry.id, entry.load().page.raw) for entry in warc.warc_entries(Path("here"))]
    assert len(wanted) == 8
    for place in (address, f"{address}/*.warc.gz", f"{address}/warc.paths"):
        entries = list(warc.warc_entries(Path(place)))  # in which `//` becomes `/`
        assert [(entry.id, entry.load().page.raw) for entry in entries] == wanted
        parts = [list(warc.warc_part(Path(place), number, 5)) for number in range(1, 6)]
        assert [entry.id for part in parts for entry in part] == [entry.id for entry in entries]


def test_a_run_folder_at_an_address_is_one_like_another(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_ferries(8)
    assert main(RUN) == 0
    whole = plain(read_run())
    place = f"{address}/runs/one"
    assert main([*RUN, "--shard", "2/3", "--run-folder", place]) == 0
    assert main(["merge", place]) == 3
    assert main([*RUN, "--timeout", "9", "--shard", "1/3", "--run-folder", place]) == 3
    assert main(["run", "--resume", place]) == 0
    assert plain(read_run()) == whole
    assert main(["merge", place]) == 0
    assert plain(read_run()) == whole
    assert remote.RemoteStore(place).names() == [*(f"0000{n}-of-00003.jsonl" for n in (1, 2, 3)), "plan.json"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("memory://bucket/none.warc.gz", "no such file"),
        ("memory://bucket/none.paths", "no such file"),
        ("memory://bucket/*.warc", "holds no archive"),
        ("nothing://bucket/x.warc", "nothing"),
        ("zip://x.warc::memory://bucket/x.zip", "chained"),
    ],
)
def test_what_is_not_at_an_address_is_named(memory: str, place: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        list(warc.warc_entries(Path(place)))


def test_a_listing_from_elsewhere_names_no_file_of_this_machine(memory: str) -> None:
    put(memory, "warc.paths", b"file:///etc/passwd\n")
    with pytest.raises(DatasetError, match=r"warc\.paths:1: .*listing"):
        list(warc.warc_entries(Path(f"{memory}/warc.paths")))


def test_without_fsspec_an_address_says_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert main(["run", "-e", "justext", "-g", "warc:s3://bucket/x.warc.gz"]) == 2
    assert (
        "s3://bucket/x.warc.gz needs fsspec: python -m pip install 'extraction-harness[remote]'" in capsys.readouterr().err
    )
