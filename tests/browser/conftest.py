"""The real page in a process of its own, and Chromium."""

import contextlib
import os
import shutil

import pytest

from tests.browser.player_page import opened
from tests.serving import serving

CHROMIUM = shutil.which("chromium")
ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@pytest.fixture(scope="module")
def browser():
    """Ends with the module: two of Playwright's loops cannot run at once."""
    with launched(ARGS) as browser:
        yield browser


@pytest.fixture
def tab(browser):
    """Opens a page with a player in a new tab, after the script; a script's error on it fails the test."""
    contexts, errors = [], []

    def new(path, script="", **settings):
        settings = {"viewport": {"width": 800, "height": 900}, "locale": "en-US"} | settings
        contexts.append(browser.new_context(**settings))
        page = contexts[-1].new_page()
        page.add_init_script(script)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return opened(page, path)

    yield new
    for context in contexts:
        context.close()
    assert not errors


@contextlib.contextmanager
def launched(args):
    """Chromium with those arguments."""
    if not CHROMIUM:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of `python app.py`."""
    with serving(tmp_path_factory.mktemp("site")) as running:
        yield running.address
