from hashlib import sha256

import pytest

from factories.chromium import CHROMIUM
from factories.workbench import GOLDEN, OTHER_NAME, POND, Client, workbench


@pytest.fixture
def pond(tmp_path):
    """A folder with one page and its golden."""
    folder = tmp_path / "ponds"
    folder.mkdir()
    (folder / "pond.html").write_text(POND, encoding="utf-8")
    (folder / "pond.yaml").write_text(GOLDEN.format(sha256=sha256(POND.encode()).hexdigest()), encoding="utf-8")
    return folder


@pytest.fixture
def client(pond):
    return Client(workbench(pond))


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright  # here, since only slow tests need it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", f"--host-resolver-rules=MAP {OTHER_NAME} 127.0.0.1"]
        )
        yield browser
        browser.close()


@pytest.fixture
def screen(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(30_000)
    yield page
    page.close()
