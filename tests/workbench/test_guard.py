"""Only the workbench's own screens, in a browser on this machine, may read or change anything."""

import base64
import socket

import pytest
import uvicorn

from factories.workbench import HOST, POND, Client, workbench
from harness.common.errors import Impossible
from harness.goldens.reader import Dumps
from harness.workbench.guard import LARGEST_BODY, TOKEN_HEADER, USER
from harness.workbench.serve import _socket, serve

CHANGE = {"version": "", "elements": [0], "verdict": "drop", "kind": "other"}


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1", "127.0.0.1:9", "127.0.0.1.evil.example:8000", ""]
)
@pytest.mark.parametrize("path", ["/", "/static/workbench.css", "/page/ponds/pond", "/api/state/ponds/pond"])
def test_another_host_is_refused_everywhere(client, host, path):
    assert client.get(path, Host=host).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:8000", f"https://{HOST}"])
def test_another_origin_neither_reads_nor_changes(client, pond, origin):
    before = (pond / "pond.yaml").read_bytes()
    assert client.get("/api/state/ponds/pond", Origin=origin).status_code == 403
    assert client.post("/api/label/ponds/pond", CHANGE, Origin=origin).status_code == 403
    assert (pond / "pond.yaml").read_bytes() == before


def test_the_own_origin_is_let_in(client):
    assert client.get("/api/state/ponds/pond", Origin=f"http://{HOST}").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_embeds_is_refused(client, site):
    embedded = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert client.get("/page/ponds/pond", **embedded).status_code == 403
    assert client.get("/static/workbench.css", **{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}).status_code == 403


def test_a_link_from_another_site_opens_a_screen(client):
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/label/ponds/pond", **visit).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "é"])
@pytest.mark.parametrize("path", ["label", "step", "value", "confirm", "candidates"])
def test_nothing_changes_without_the_token(client, pond, token, path):
    before = (pond / "pond.yaml").read_bytes()
    headers = {TOKEN_HEADER: token.encode()} if token else {}
    assert client.http.post(f"/api/{path}/ponds/pond", json=CHANGE, headers=headers).status_code == 403
    assert client.http.get("/api/state/ponds/pond", headers=headers).status_code == 403
    assert (pond / "pond.yaml").read_bytes() == before


def test_a_form_of_another_site_changes_nothing(client, pond):
    """A form can send neither the token nor JSON, but a browser sends it without asking."""
    before = (pond / "pond.yaml").read_bytes()
    answer = client.http.post(
        "/api/confirm/ponds/pond",
        data={"version": ""},
        headers={"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert (pond / "pond.yaml").read_bytes() == before


def test_large_requests_are_refused(client):
    answer = client.post("/api/label/ponds/pond", {**CHANGE, "note": "x" * LARGEST_BODY})
    assert answer.status_code == 403


def test_no_answer_sets_a_cookie_or_lets_other_origins_read(client):
    for path in ("/", "/label/ponds/pond", "/page/ponds/pond", "/api/state/ponds/pond", "/static/label.js"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_page_may_run_and_fetch_nothing(client):
    policy = client.get("/page/ponds/pond").headers["content-security-policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == "'unsafe-inline'"
    assert rules["img-src"] == "data:"
    assert rules["sandbox"] == ""  # holds where the page is opened outside of its frame, too
    assert "script-src" not in rules
    assert "<iframe sandbox title" in client.get("/label/ponds/pond").text


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "..%2fsecret",
        "%2e%2e/secret",
        "/etc/passwd",
        "ponds/../secret",
        "ponds/pond.yaml",
        "ponds%00pond",
        "link",
    ],
)
def test_no_name_leads_out_of_the_folder(pond, tmp_path, name):
    (tmp_path / "secret.html").write_text("<p>secret</p>")
    (tmp_path / "secret.yaml").write_text("golden: 2")
    (pond / "link.html").symlink_to(tmp_path / "secret.html")
    (pond / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    client = Client(workbench(pond))
    for path in (f"/label/{name}", f"/page/{name}", f"/page/ponds/{name}", f"/api/state/{name}", f"/static/{name}"):
        answer = client.get(path)
        assert answer.status_code in (404, 422), path
        assert "<p>secret" not in answer.text


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_where_others_reach_it_every_request_needs_the_password(pond):
    client = Client(workbench(pond, password="sesame"))
    pick = f"/pick/{client.bench.key}/t/0"
    paths = ("/", "/label/ponds/pond", "/page/ponds/pond", "/static/label.js", "/api/state/ponds/pond", pick, "/x")
    wrong = ({}, basic(USER, ""), basic(USER, "sesam"), basic("ann", "sesame"), {"Authorization": "Basic ???"})
    wrong += ({"Authorization": "Bearer sesame"}, {"Authorization": "Basic é".encode()})
    for path in paths:
        for headers in wrong:
            answer = client.get(path, **headers)
            assert answer.status_code == 401, (path, headers)
            assert answer.headers["www-authenticate"].startswith("Basic realm=")
        assert client.get(path, **basic(USER, "sesame")).status_code in (200, 204, 404)
    before = (pond / "pond.yaml").read_bytes()
    assert client.post("/api/confirm/ponds/pond", {"version": ""}).status_code == 401
    assert (pond / "pond.yaml").read_bytes() == before


def test_the_password_replaces_neither_host_nor_origin_nor_token(pond):
    """A browser sends it by itself, as it would a cookie."""
    client = Client(workbench(pond, password="sesame"))
    known = basic(USER, "sesame")
    assert client.get("/", **known, Host="evil.example").status_code == 403
    assert client.post("/api/confirm/ponds/pond", {"version": ""}, **known, Origin="http://evil.example").status_code == 403
    assert client.http.post("/api/confirm/ponds/pond", json={"version": ""}, headers=known).status_code == 403


@pytest.mark.parametrize(("host", "called"), [(None, "127.0.0.1"), ("localhost", "localhost")])
def test_the_server_listens_on_this_machine_alone_unless_it_is_told_a_host_and_then_has_a_password(
    pond, monkeypatch, host, called
):
    heard, told = [], []

    class Server:
        def __init__(self, config):
            """What would serve."""

        def run(self, sockets):
            heard.extend(listening.getsockname()[:2] for listening in sockets)

    monkeypatch.setattr(uvicorn, "Server", Server)
    how = {"labeller": "ann", "own_files": False, "blind": False, "run": None, "port": 0, "browser": False}
    serve([str(pond)], Dumps([]), host=host, tell=lambda *words: told.append(words), **how)
    ((address, port),) = heard
    ((url, password),) = told
    assert address in ("127.0.0.1", "::1")
    assert url == f"http://{called}:{port}/"
    assert bool(password) == bool(host)


@pytest.mark.parametrize(
    ("host", "reason"),
    [("0.0.0.0", "means all addresses"), ("::", "means all addresses"), ("203.0.113.77", "no address of this machine")],
)
def test_a_host_that_others_cannot_call_this_machine_by_is_refused(host, reason):
    if host == "::" and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with pytest.raises(Impossible, match=reason):
        _socket(host, 0)


def test_links_that_lead_out_of_the_folder_are_not_on_the_desk(pond, tmp_path):
    (tmp_path / "outside.html").write_text(POND)
    (pond / "linked.html").symlink_to(tmp_path / "outside.html")
    assert list(workbench(pond).desk.places) == ["ponds/pond"]


def test_what_a_page_is_called_is_text(pond):
    """Names of files are shown on screens."""
    (pond / "<img src=x onerror=alert(1)>.html").write_text(POND)
    answer = Client(workbench(pond)).get("/")
    assert "<img" not in answer.text
    assert "&lt;img src=x" in answer.text
