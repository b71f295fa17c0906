"""Whatever a file is called, nothing of its name runs; and nothing that the page does breaks its own policy."""

import pytest

from tests.browser.player_page import STILL
from tests.browser.test_page import changed

SLOW = 180_000
"""Milliseconds that an estimate may take on a busy machine."""
NAMES = ["<img src=x onerror=hacked=1>.mp4", "\"><script>hacked=1</script>'.mp4", "{{hacked=1}}${hacked=1}`.mp4"]
PLAYER = "document.querySelector('#player .p3d-skeleton')?.pose3d"
BROKEN = """
window.hacked = 0;
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) =>
  broken.push(event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture(params=NAMES)
def named(request, examples, tmp_path):
    """A short video of somebody, under a hostile name."""
    path = changed(examples / "squats.mp4", tmp_path / "short.mp4", 8, lambda number, image: image)
    return {"name": request.param, "mimeType": "video/mp4", "buffer": path.read_bytes()}


def test_no_part_of_a_name_runs(browser, site, named, tmp_path):
    page = browser.new_page(viewport={"width": 1280, "height": 900}, **STILL)
    page.add_init_script(BROKEN)
    problems = []
    page.on("dialog", lambda dialog: problems.append(dialog.message))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{site}/?detector=blazepose-full")
    page.wait_for_function(f"{PLAYER}?.ready", timeout=SLOW)
    page.evaluate(f"window.before = {PLAYER}")
    page.locator("#video input[type=file]").first.set_input_files(named)
    page.wait_for_function("document.querySelector('#about').innerText.includes('8 frames')")
    page.click("#go")
    page.wait_for_function(f"{PLAYER} && {PLAYER} !== before && {PLAYER}.ready", timeout=SLOW)
    page.wait_for_selector("#takeaway a[href$='pose3d.zip']", timeout=SLOW)
    assert page.evaluate("hacked") == 0 and page.evaluate("broken") == [] and problems == []
    for name in ("report.html", "skeleton.html"):
        kept = tmp_path / name
        kept.write_bytes(
            page.request.get(page.locator(f"#takeaway a[href$='{name}']").first.evaluate("a => a.href")).body()
        )
        alone = browser.new_page(**STILL)
        alone.add_init_script("window.hacked = 0")
        alone.goto(kept.as_uri())
        alone.wait_for_timeout(500)
        assert alone.evaluate("hacked") == 0
        alone.close()
    page.close()


def test_a_handler_that_slipped_in_does_not_run(browser, site):
    """The policy is the second wall: even HTML that somebody got into the page can do nothing."""
    page = browser.new_page(**STILL)
    page.add_init_script(BROKEN)
    page.goto(site)
    page.wait_for_selector("#go")
    page.evaluate("document.querySelector('#status').innerHTML = '<img src=x onerror=\"hacked = 1\">'")
    page.wait_for_function("broken.length > 0")
    assert page.evaluate("hacked") == 0 and page.evaluate("broken[0]").startswith("script-src")
    page.close()
