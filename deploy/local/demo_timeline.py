"""The demo on paper: what happens, line by line, as the live events tell it."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from deploy.local.demo_acts import Act

GOOD, BAD, QUIET = "green", "red", "dim"
FEEDBACK_LINES = 5


class Timeline:
    """Prints to the terminal, or plainly to a file or a pipe."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()

    def open(self, url: str, learner: str) -> None:
        """The title."""
        self._console.print(Rule("[bold]Creathon[/], one submission all the way"))
        self._console.print(f"API {url}   learner {learner}   live events over Socket.IO\n", highlight=False)

    def act(self, number: int, act: Act) -> None:
        """What is handed in next; from here on the clock counts."""
        self._console.print(Text.assemble((f"{number}. {act.story} ", "bold"), (f"({act.challenge})", QUIET)))
        shown = Syntax(
            act.shown.rstrip(),
            "python" if act.is_program else "text",
            background_color="default",
            word_wrap=True,
        )
        self._console.print(Padding(shown, (0, 0, 0, 14)))
        self._began = time.monotonic()

    def event(self, event: dict[str, Any]) -> None:
        """One live event, when there is something to say of it."""
        told = _TELLERS.get(event["type"])
        if told:
            name, text, style = told(event["data"])
            self._line(name, text, style)

    def feedback(self, case: dict[str, Any]) -> None:
        """What the learner is told about a test that failed."""
        for line in (case["feedback"] or "").splitlines()[:FEEDBACK_LINES]:
            self._console.print(Text(" " * 28 + line, style=QUIET), soft_wrap=True)

    def verdict(self, submission: dict[str, Any], expected: bool) -> None:
        """The verdict with the CPU time and memory of its most expensive test."""
        good = submission["verdict"] == "accepted"
        text = f"{_words(submission['verdict'])}, {submission['points'] or 0:+d} points{_cost(submission['results'])}"
        self._line(
            "verdict",
            text if expected else f"{text} (not what the demo expected)",
            f"bold {GOOD if good else BAD}",
        )

    def gap(self) -> None:
        self._console.print()

    def kinds(self) -> None:
        """The title of the second part."""
        title = "One challenge of each kind, answered wrong, partly right and right"
        self._console.print(Rule(f"[bold]{title}[/]"))
        head = f"{'':17} {'':24} {'wrong':17}{'partly':8}{'right':7}points"
        self._console.print(Text(head, style=QUIET), soft_wrap=True)

    def sheet(self, kind: str, title: str, submissions: list[dict[str, Any]]) -> None:
        """The verdicts on the answers to one challenge, and what they earned together."""
        cells = [_cell(submission) for submission in submissions]
        if len(cells) < 3:
            cells.insert(1, Text(" " * 8))
        earned = sum(submission["points"] or 0 for submission in submissions)
        named = title if len(title) <= 24 else f"{title[:23].rstrip()}…"
        line = Text.assemble((f"{kind:<17} ", "bold"), f"{named:<24} ", *cells, f"{earned:+5d}")
        self._console.print(line, soft_wrap=True)

    def standings(
        self, progress: list[tuple[str, dict[str, Any]]], board: list[dict[str, Any]], me: str
    ) -> None:
        """Where the learner stands at the end."""
        mine = _table("progress", "status", "attempts", "score", "points")
        for title, row in progress:
            mine.add_row(
                title, row["status"], str(row["attempts"]), f"{row['score']:.2f}", str(row["points"])
            )
        ranks = _table("leaderboard", "rank", "points")
        for row in board:
            ranks.add_row(
                row["username"],
                str(row["rank"]),
                str(row["points"]),
                style="bold" if row["username"] == me else "",
            )
        self._console.print(mine)
        self._console.print(ranks)

    def close(self, faults: list[str], seconds: float) -> None:
        """The last word."""
        for fault in faults:
            self._console.print(Text(f"not as it should be: {fault}", style=BAD))
        if not faults:
            self._console.print(
                Text(f"Everything happened as it should, in {seconds:.1f} s.", style=f"bold {GOOD}")
            )

    def _line(self, name: str, text: str, style: str) -> None:
        seconds = f"{time.monotonic() - self._began:8.3f} s"
        self._console.print(
            Text.assemble((seconds, QUIET), f"  {name:<12}", "    ", (text, style)), soft_wrap=True
        )


def _cell(submission: dict[str, Any]) -> Text:
    match submission["verdict"]:
        case "accepted":
            return Text(f"✔ {submission['score']:.2f} ", style=GOOD)
        case "partially_accepted":
            return Text(f"◐ {submission['score']:.2f}  ", style="yellow")
    return Text(f"✘ {_words(submission['verdict']):<15}", style=BAD)


def _queued(data: dict[str, Any]) -> tuple[str, str, str]:
    return "queued", f"attempt {data['attempt']}", ""


def _grading(data: dict[str, Any]) -> tuple[str, str, str]:
    return "grading", f"by worker {data['grader']}", ""


def _case(data: dict[str, Any]) -> tuple[str, str, str]:
    case = data["result"]
    good = case["verdict"] == "accepted"
    text = f"{'✔' if good else '✘'} {case['name']}: {_words(case['verdict'])}{_cost([case])}"
    return f"test {data['index']}", text, GOOD if good else BAD


def _progress(data: dict[str, Any]) -> tuple[str, str, str]:
    return (
        "progress",
        f"{data['status']}, {_count(data['attempts'], 'attempt')}, score {data['score']:.2f}",
        "",
    )


def _points(data: dict[str, Any]) -> tuple[str, str, str]:
    return "points", f"{data['earned']:+d}, {data['points']} in all", "bold"


def _achievement(data: dict[str, Any]) -> tuple[str, str, str]:
    return "achievement", f"★ {data['title']}", "yellow"


_TELLERS = {
    "submission.queued": _queued,
    "submission.grading": _grading,
    "submission.case": _case,
    "progress.updated": _progress,
    "leaderboard.changed": _points,
    "achievement.unlocked": _achievement,
}


def _cost(cases: list[dict[str, Any]]) -> str:
    """Of the most expensive of `cases`; nothing for answers that ran no program."""
    cpu = max((case["cpu_ms"] for case in cases if case["cpu_ms"] is not None), default=None)
    memory = max((case["memory_kb"] for case in cases if case["memory_kb"] is not None), default=None)
    parts = [f"{cpu} ms CPU"] * (cpu is not None) + [f"{(memory or 0) / 1024:.1f} MB"] * (memory is not None)
    return "".join(f", {part}" for part in parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _words(verdict: str | None) -> str:
    return (verdict or "no verdict").replace("_", " ")


def _table(*columns: str) -> Table:
    table = Table(*columns, box=None, padding=(0, 2), header_style=QUIET)
    for column in table.columns[1:]:
        column.justify = "right"
    return table
