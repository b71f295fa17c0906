"""The real page in a process of its own, and Chromium: one of each for all tests in this folder."""

import contextlib
import os
import shutil

import pytest

from tests.browser.player_page import opened
from tests.serving import serving

CHROMIUM = shutil.which("chromium")
OFF = ["HttpsUpgrades", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup"]
"""Also what Chromium loads for its address bar with every new window, a sixth of what a player's page takes."""
ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",  # painting on a GPU that software plays takes twice as long as painting
    "--enable-unsafe-swiftshader",  # for WebGL
    "--disable-features=" + ",".join(OFF),
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@contextlib.contextmanager
def launching():
    """Launches Chromium, any number of times, with the arguments that it is given.

    Playwright's loop cannot run twice at once in a thread, and nothing else that has a loop can run beside it.
    """
    if not CHROMIUM:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield lambda args: playwright.chromium.launch(executable_path=CHROMIUM, args=args)


@contextlib.contextmanager
def launched(args):
    """Chromium with those arguments."""
    with launching() as launch, launch(args) as browser:
        yield browser


@pytest.fixture(scope="package")
def launch():
    """See `launching`; for tests that need a browser with arguments of their own."""
    with launching() as launch:
        yield launch


@pytest.fixture(scope="package")
def browser(launch):
    """Each test has contexts of its own in it."""
    with launch(ARGS) as browser:
        yield browser


@pytest.fixture(autouse=True)
def left_open(browser):
    """What a test leaves open, as one that fails does, is closed: it would take the processor from the next."""
    kept = browser.contexts
    yield
    for context in browser.contexts:
        if context not in kept:
            context.close()


@pytest.fixture(autouse=True)
def still_served(request):
    """A server that died is told of, not waited for."""
    if "server" in request.fixturenames:
        request.getfixturevalue("server").check()


@pytest.fixture
def tab(browser):
    """Opens a page with a player in a new tab, after the script; a script's error on it fails the test."""
    errors = []

    def new(path, script="", **settings):
        settings = {"viewport": {"width": 800, "height": 900}, "locale": "en-US"} | settings
        page = browser.new_context(**settings).new_page()
        page.add_init_script(script)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return opened(page, path)

    yield new
    assert not errors


@pytest.fixture(scope="package")
def server(tmp_path_factory):
    """`python app.py`."""
    with serving(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="package")
def site(server):
    """The server's address."""
    return server.address
