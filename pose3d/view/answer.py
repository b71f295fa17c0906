"""What a question was answered, as HTML: page and report show it alike. Knows no question by name."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from typing import Any

from pose3d.analysis import Answered, Chart, Finding, Row, Table, answer_csv
from pose3d.core.words import say, texts
from pose3d.view.charts import chart_data

TABLE = "answers"


def answer_html(answered: Answered, language: str) -> str:
    """Headline, what was found, tables, places for the charts, and every event in words.

    Buttons of class `moment` have the seconds of the video that they lead to in data-seconds.
    """
    answer = answered.answer
    told = "".join(f"<li>{_finding(finding, language)}</li>" for finding in answer.findings)
    parts = [
        f'<p class="p3d-headline">{html.escape(answer.headline(language))}</p>',
        f'<ul class="p3d-told">{told}</ul>' if told else "",
        tables_html(answer.tables, language),
        charts_html(answered.question.name, answer.charts, language),
        _events(answered, language),
        _sheet(answered, language),
    ]
    return f'<div class="p3d-answer">{"".join(parts)}</div>'


def answer_charts(answered: Answered, language: str) -> dict[str, Any]:
    """What assets/charts.js needs to draw the charts in their places."""
    answer = answered.answer
    return chart_data(answered.question.name, answer.charts, answer.times, language)


def charts_html(group: str, drawn: Iterable[Chart], language: str) -> str:
    """A place for each chart, with its title."""
    figures = "".join(_chart(group, chart, language) for chart in drawn)
    return f'<div class="charts">{figures}</div>' if figures else ""


def tables_html(tables: Iterable[Table], language: str) -> str:
    """Those that have rows, beside each other where there is room."""
    made = "".join(table_html(table, language) for table in tables if table.rows)
    return f'<div class="p3d-tables">{made}</div>' if made else ""


def table_html(table: Table, language: str) -> str:
    """Rows that can be seen somewhere lead there by their names."""
    words = texts("tables", language)
    head = "".join(f'<th scope="col">{html.escape(words[column])}</th>' for column in table.columns)
    rows = "".join(_row(row, language) for row in table.rows)
    caption = f"<caption>{html.escape(words[table.name])}</caption>"
    return f'<div class="p3d-table"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def moment(seconds: float, text: str) -> str:
    """A button that leads to a moment of the video; text: plain."""
    return f'<button type="button" class="moment" data-seconds="{seconds:.3f}">{html.escape(text)}</button>'


def _chart(group: str, chart: Chart, language: str) -> str:
    title = html.escape(say("charts", chart.name, language))
    return (
        f'<figure><figcaption>{title}</figcaption><div class="chart" id="chart-{group}-{chart.name}" role="img"'
        f' aria-label="{title}"></div></figure>'
    )


def _row(row: Row, language: str) -> str:
    name = row.name[language]
    led = html.escape(name) if row.moment is None else moment(row.moment, name)
    cells = "".join(f"<td>{html.escape(cell[language])}</td>" for cell in row.cells)
    return f'<tr><th scope="row">{led}</th>{cells}</tr>'


def _finding(finding: Finding, language: str) -> str:
    return moment(finding.start, finding.worded(language))


def _events(answered: Answered, language: str) -> str:
    """Folded away where charts show the same."""
    lines = "".join(f"<li>{moment(event.turn, event.worded(language))}</li>" for event in answered.answer.events)
    summary = html.escape(say(TABLE, "events", language))
    shown = "" if answered.answer.charts else " open"
    return f'<details{shown}><summary>{summary}</summary><ul class="p3d-told">{lines}</ul></details>' if lines else ""


def _sheet(answered: Answered, language: str) -> str:
    """A link with the curves in it: it needs no server, and no file."""
    if not answered.answer.charts:
        return ""
    content = base64.b64encode(answer_csv(answered.answer).encode()).decode()
    name, text = html.escape(f"{answered.question.name}.csv"), html.escape(say(TABLE, "csv", language))
    return f'<p><a class="p3d-sheet" download="{name}" href="data:text/csv;base64,{content}">{text}</a></p>'
