"""report.html: how a run went, the player, curves and settings in one file to send to a colleague."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date

import numpy as np

from pose3d.analysis import Answered, Chart, Finding, analysed, answers
from pose3d.analysis.quality import BONE_VARIATION_RANGE, LOOSE_ERROR, Quality, quality
from pose3d.core.arrays import Floats
from pose3d.core.ground import Ground
from pose3d.core.resources import ASSETS
from pose3d.core.result import Result
from pose3d.core.words import say, texts
from pose3d.version import __version__
from pose3d.view.answer import answer_charts, answer_html, charts_html
from pose3d.view.charts import chart_data
from pose3d.view.player import HEAD, filled, inline_json, player_data, player_parts, rounded
from pose3d.view.stills import Still, stills


def report_html(result: Result, made: date | None = None, told: Sequence[Answered] | None = None) -> str:
    """One HTML file with everything inside, in the language of the run: it opens from disk and plays without a network.

    made: the day to write on it; today. told: the answers to show; to all that this result is enough for.
    """
    language = result.config.language
    words = texts("report", language)
    data = player_data(result) | {"pose2d": None, "language": language, "still": True}
    found = quality(result)
    charts = {name: each.charts for name, each in analysed(result).items() if each.charts}
    drawn = [chart for several in charts.values() for chart in several]
    told = answers(result) if told is None else told
    curves = [chart_data(name, several, result.times, language) for name, several in charts.items()]
    curves += [answer_charts(answered, language) for answered in told]
    own = {
        "language": language,
        "title": html.escape(words["title"].format(name=result.video.path.name)),
        "made": html.escape(words["made"].format(date=(made or date.today()).isoformat())),
        "style": (ASSETS / "report.css").read_text("utf-8"),
        "script": "\n".join((ASSETS / name).read_text("utf-8") for name in ("charts.js", "report.js")),
        "summary": _summary(found, language),
        "stills": _stills(stills(result, found.findings, drawn), words),
        "angles": _angles(drawn, result.times, words, language),
        "answers": "".join(_answer(answered, language) for answered in told),
        "charts": "".join(charts_html(name, several, language) for name, several in charts.items()),
        "curves": inline_json({"times": rounded(result.times, 4), "groups": curves}),
        "settings": _rows(_settings(result, words)),
    }
    return filled(PAGE, player_parts(data) | _labels(words) | own)


def _labels(words: dict[str, str]) -> dict[str, str]:
    """HTML of what stands in templates as %%word:key%%."""
    return {f"word:{key}": html.escape(text) for key, text in words.items()}


def _summary(found: Quality, language: str) -> str:
    """The verdict, its bar, the measures and what went wrong."""
    words, percent = texts("report", language), round(100 * found.overall)
    parts = {
        "grade": found.grade,
        "percent": str(percent),
        "verdict": html.escape(say("grades", found.grade, language)),
        "score": html.escape(words["score"].format(percent=percent)),
        "label": html.escape(words["summary"]),
        "findings": "".join(_finding(finding, language) for finding in found.findings)
        or f"<li>{html.escape(words['no_findings'])}</li>",
        "measures": _rows(
            {
                words["clear_share"]: f"{found.clear_share:.0%}",
                words["error"].format(usual=f"{LOOSE_ERROR:g}"): f"{found.error:.1f}%",
                words["bone_variation"].format(usual=f"{BONE_VARIATION_RANGE[0]:g}"): f"{found.bone_variation:.1f}%",
            }
        ),
    }
    return filled(SUMMARY, parts)


def _finding(finding: Finding, language: str) -> str:
    """A line that takes the player to the moment when it is pressed."""
    serious = f"<strong>{html.escape(say('report', 'serious', language))}</strong> "
    text = html.escape(finding.worded(language))
    return (
        f'<li><button type="button" class="moment" data-seconds="{finding.start:.3f}">'
        f"{serious if finding.severity == 'serious' else ''}{text}</button></li>"
    )


def _stills(shown: list[Still], words: dict[str, str]) -> str:
    """Pictures with their moment, which takes the player there, and what they show; "" without any."""
    figures = "".join(_still(still, words) for still in shown)
    return filled(STILLS, {"figures": figures} | _labels(words)) if shown else ""


def _still(still: Still, words: dict[str, str]) -> str:
    moment = words["seconds_value"].format(value=f"{still.time:.1f}")
    lines = "".join(f"<span>{html.escape(caption)}</span>" for caption in still.captions)
    return (
        f'<figure><button type="button" class="moment" data-seconds="{still.time:.3f}">'
        f'<img src="{still.address}" alt="{html.escape("; ".join(still.captions))}"></button>'
        f"<figcaption><strong>{html.escape(moment)}</strong>{lines}</figcaption></figure>"
    )


def _angles(drawn: list[Chart], times: Floats, words: dict[str, str], language: str) -> str:
    """A table of each side's least and greatest angle, which lead to their moments, and range; "" if none is known."""
    plotted = texts("charts", language)
    rows = [
        _row(plotted[chart.name], plotted[curve.side], curve.values, times)
        for chart in drawn
        if chart.unit == "degrees"
        for curve in chart.curves
        if np.isfinite(curve.values).any()
    ]
    return filled(ANGLES, {"rows": "".join(rows)} | _labels(words)) if rows else ""


def _row(name: str, side: str, values: Floats, times: Floats) -> str:
    """values: (T,) degrees, NaN where unknown."""
    least, greatest = int(np.nanargmin(values)), int(np.nanargmax(values))
    cells = "".join(
        f'<td><button type="button" class="moment" data-seconds="{times[frame]:.3f}">{values[frame]:.0f}°</button></td>'
        for frame in (least, greatest)
    )
    spread = f"<td>{values[greatest] - values[least]:.0f}°</td>"
    return f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(side)}</td>{cells}{spread}</tr>'


def _answer(answered: Answered, language: str) -> str:
    title = html.escape(say("questions", answered.question.name, language))
    return f'<section class="asked"><h2>{title}</h2>{answer_html(answered, language)}</section>'


def _settings(result: Result, words: dict[str, str]) -> dict[str, str]:
    """Label to value, plain text."""
    video, camera, pose = result.video, result.pose3d.camera, result.pose3d
    start = float(video.times[0])
    ends = {"start": f"{start:.1f}", "end": f"{start + video.duration:.1f}"}
    focal = {name: f"{getattr(camera, name):.1f}" for name in ("fx", "fy", "cx", "cy", "fov")}
    return {
        words["video"]: video.path.name,
        words["size"]: words["pixels"].format(width=video.width, height=video.height),
        words["rate"]: words["rate_value"].format(value=f"{video.fps:.5g}"),
        words["frames"]: str(len(result)),
        words["duration"]: words["seconds_value"].format(value=f"{video.duration:.1f}"),
        words["part"]: words["span"].format(**ends),
        words["camera"]: words["intrinsics"].format(**focal),
        words["camera_pose"]: _camera_pose(result.ground, words),
        words["stature"]: _height(result.config.height, words),
        words["scale"]: words[pose.units],
        words["model"]: result.lifter.name,
        words["weights"]: result.lifter.sha256,
        words["version"]: __version__,
    }


def _height(metres: float | None, words: dict[str, str]) -> str:
    return words["metres_value"].format(value=f"{metres:.2f}") if metres else words["unknown"]


def _camera_pose(ground: Ground, words: dict[str, str]) -> str:
    """How the camera was held, where that was told."""
    if not ground.confidence:
        return words["level_assumed"]
    tilt = {"pitch": f"{round(ground.pitch):+d}", "roll": f"{round(ground.roll):+d}", "height": f"{-ground.floor:.1f}"}
    return words["tilt"].format(**tilt)


def _rows(values: dict[str, str]) -> str:
    return "".join(f"<dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd>" for label, value in values.items())


SUMMARY = """<p class="verdict %%grade%%">%%verdict%% <span>%%score%%</span></p>
<div class="bar %%grade%%" role="meter" aria-label="%%label%%" aria-valuemin="0" aria-valuemax="100"
 aria-valuenow="%%percent%%"><div style="width: %%percent%%%"></div></div>
<ul class="findings">%%findings%%</ul>
<dl class="measures">%%measures%%</dl>"""

STILLS = """<section class="seen"><h2>%%word:stills%%</h2><div class="stills">%%figures%%</div></section>"""

ANGLES = """<section><h2>%%word:angles%%</h2><p>%%word:angles_help%%
<span class="screen">%%word:angles_press%%</span></p>
<table><thead><tr><td></td><td></td>
<th scope="col">%%word:least%%</th>
<th scope="col">%%word:greatest%%</th>
<th scope="col">%%word:range%%</th></tr></thead>
<tbody>%%rows%%</tbody></table></section>"""

PAGE = (
    HEAD
    + """%%style%%
</style>
</head>
<body>
<header><h1>%%title%%</h1><p>%%made%%</p></header>
<section><h2>%%word:summary%%</h2>%%summary%%</section>
%%stills%%
<section><h2>%%word:player%%</h2><p class="screen">%%word:player_help%%</p>
%%player%%
</section>
%%angles%%
<section><h2>%%word:curves%%</h2><p class="screen">%%word:straight%%</p>%%charts%%</section>
%%answers%%
<section><h2>%%word:settings%%</h2><dl>%%settings%%</dl></section>
<script type="application/json" id="curves">%%curves%%</script>
<script>
%%script%%
</script>
</body>
</html>
"""
)
