"""What is taken away from the page is whole: it opens from disk, without a network."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from tests.browser.player_page import PLAYER, STILL, wait

PAGES = ("skeleton.html", "report.html")


def test_pages_open_offline_and_the_zip_holds_the_same(browser, site, tmp_path: Path):
    online = browser.new_context(viewport={"width": 1200, "height": 900})
    page = online.new_page()
    page.goto(site)
    page.wait_for_selector("#takeaway a[href$='pose3d.zip']", timeout=60_000)
    links = page.eval_on_selector_all("#takeaway a", "all => all.map((a) => a.href)")
    sent = {Path(link).name: online.request.get(link).body() for link in links}
    online.close()
    offline = browser.new_context(offline=True, **STILL)
    for name in PAGES:
        path = tmp_path / name
        path.write_bytes(sent[name])
        alone = offline.new_page()
        asked: list[str] = []
        alone.on("request", lambda request, asked=asked: asked.append(request.url))
        alone.goto(path.as_uri())
        wait(alone, f"{PLAYER}?.ready")
        assert alone.evaluate(f"{PLAYER}.joints().length") == 17 and asked == [path.as_uri()]
    offline.close()
    with ZipFile(BytesIO(sent.pop("pose3d.zip"))) as packed:
        assert packed.testzip() is None and {name: packed.read(name) for name in packed.namelist()} == sent
