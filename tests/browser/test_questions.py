"""Five minutes with the tabs: how many squats, how near to the teacher's, and all of it to take away."""

import re
import time

import pytest

from tests.browser.test_page import KEYPOINTS, PLAYER, SLOW, drawn, opened, run

HEADLINE = "document.querySelector('#answer-{} .p3d-headline')?.innerText"
PAIR = "document.querySelector('#beside-compare .p3d-skeleton').pose3d"
MARK = "document.querySelector('#answer-{} .now')?.style.left"


@pytest.fixture(scope="module")
def page(browser, site):
    """Two examples were run, one after the other."""
    page = opened(browser, site)
    for name in ("Jumping jacks", "Squats"):
        page.evaluate("window.old = document.querySelector('#about').innerText")
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_function("![window.old, ''].includes(document.querySelector('#about').innerText)")
        run(page)
    drawn(page)
    yield page
    page.context.close()
    assert not page.problems


def tab(page, name):
    page.locator("#questions button[role=tab]", has_text=name).click()


def headline(page, question, start):
    """What the answer begins with, once it does so."""
    page.wait_for_function(f"{HEADLINE.format(question)}?.startsWith({start!r})", timeout=SLOW)
    return page.evaluate(HEADLINE.format(question))


def count_as(page, exercise, count):
    """Chooses it in the tab, and waits for the answer that begins so."""
    tab(page, "Count")
    page.locator("#ask-exercise input").click()
    page.get_by_role("option", name=exercise, exact=True).click()
    headline(page, "count", count)


def reported(page, sentences):
    """Waits until the report that is offered has them all."""
    report = "document.querySelector(`#takeaway a[href$='report.html']`)?.href"
    end = time.monotonic() + SLOW / 1000
    while missing := [it for it in sentences if it not in page.request.get(page.evaluate(report)).text()]:
        assert time.monotonic() < end, f"not in the report: {missing}"
        page.wait_for_timeout(300)


def test_what_nobody_ran_is_answered_for_the_example(browser, site):
    page = opened(browser, site)
    page.wait_for_function(f"{PLAYER}?.ready", timeout=SLOW)
    assert page.inner_text("#answer-count .p3d-headline") == "No exercise was found that is repeated."
    tab(page, "Compare")
    page.wait_for_selector("#answer-compare", state="visible")
    assert "Turn the teacher's video into 3D first" in page.inner_text("#answer-compare")
    page.context.close()
    assert not page.problems


def test_the_count_and_its_worst_repetition(page):
    tab(page, "Count")
    assert headline(page, "count", "Squat: ") == "Squat: 4"
    rows = page.locator("#answer-count tbody tr").all_inner_texts()
    depths = [int(re.findall(r"(\d+) degrees", row)[0]) for row in rows]
    assert len(depths) == 4 and min(depths) > 70
    weakest = page.locator("#answer-count .p3d-answer > .p3d-told .moment")
    number, depth = map(int, re.findall(r"number (\d), (\d+) degrees", weakest.inner_text())[0])
    assert depths[number - 1] == depth == min(depths)
    weakest.click()
    moment = float(weakest.get_attribute("data-seconds"))
    page.wait_for_function(f"Math.abs({PLAYER}.data.times[{PLAYER}.frame] - {moment}) < 0.05")


def test_curves_follow_the_player(page):
    tab(page, "Count")
    page.locator("#answer-count .chart").scroll_into_view_if_needed()
    page.evaluate(f"{PLAYER}.seekFrame(10)")
    page.wait_for_function(f"{PLAYER}.frame === 10 && {MARK.format('count')}")
    page.evaluate(f"window.at = {MARK.format('count')}; {PLAYER}.seekFrame(60)")
    page.wait_for_function(f"parseFloat({MARK.format('count')}) > parseFloat(window.at) + 20")


def test_another_exercise_is_counted_at_once(page):
    for name, count in (("push-up", "Push-up: 0"), ("find out which one", "Squat: 4")):
        count_as(page, name, count)


def test_the_last_two_results_are_compared(page):
    tab(page, "Compare")
    page.wait_for_selector("#answer-compare .p3d-headline", state="visible")
    score = int(headline(page, "compare", "").split(" of 100")[0])
    assert page.input_value("#ask-teacher input").startswith("1. jumping_jacks.mp4") and score < 30
    assert "knee bent" in page.inner_text("#answer-compare .p3d-answer > .p3d-told")


def test_teacher_and_learner_move_together(page):
    """Both videos and both figures; the teacher's video goes where the comparison says."""
    tab(page, "Compare")
    page.locator("#beside-compare").scroll_into_view_if_needed()
    page.wait_for_function(f"{PAIR}?.ready", timeout=SLOW)
    assert page.evaluate(f"{PAIR}.data.others.length") == 1 and page.locator("#beside-compare video").count() == 2
    page.evaluate(f"{PAIR}.pause(); {PAIR}.seekFrame(40)")
    teacher = "document.querySelectorAll('#beside-compare video')[1]"
    page.wait_for_function(
        f"{PAIR}.frame === 40 && Math.abs({teacher}.currentTime - {PAIR}.data.teacher_times[40]) < 0.02"
    )


def test_a_saved_result_is_compared(page, tmp_path):
    """The learner's own: nowhere off. A file that is none says so and changes nothing."""
    tab(page, "Compare")
    saved = page.request.get(page.evaluate(KEYPOINTS))
    (tmp_path / "teacher.json").write_bytes(saved.body())
    page.locator("#tab-compare input[type=file]").first.set_input_files(tmp_path / "teacher.json")
    headline(page, "compare", "100 of 100")
    assert page.input_value("#ask-teacher input").startswith("2. squats.mp4")
    (tmp_path / "other.json").write_text("[]")
    page.locator("#tab-compare input[type=file]").first.set_input_files(tmp_path / "other.json")
    page.wait_for_selector(".toast-message-text")
    assert "other.json" in page.inner_text(".toast-message-text")
    page.click(".toast-close")
    assert page.evaluate(HEADLINE.format("compare")).startswith("100 of 100")


def test_the_report_has_all_of_it(page):
    """Also what was asked, in the file that is offered once the answer is there."""
    count_as(page, "push-up", "Push-up: 0")
    reported(page, ["Push-up: 0", "100 of 100; farthest from the teacher"])


def test_the_last_choice_is_reported(page):
    """Also where the clip is still being drawn with the one before."""
    for name, count in (("lunge", "Lunge: "), ("push-up", "Push-up: 0"), ("find out which one", "Squat: 4")):
        count_as(page, name, count)
    reported(page, ["Squat: 4"])
