"""What the statistics of a revision ask its author to look at. Pure.

It reads only figures that are told, so that a sentence tells nothing of a group that is too small to be described.
A concern is a question, not a proof: each limit below is a rule of thumb, and docs/statistics.md says what to do.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.answer_analysis import PartAnalysis, ValueAnalysis
from api.statistics_shape import Concern, StatisticsReport
from core.disclosure import Distribution
from core.services.statistics import Tests, Totals

# R. Ebel, Essentials of Educational Measurement (1972): below it an item is to be rejected or rewritten.
DISCRIMINATES = 0.2
# Shares of learners or answers.
HARDLY_ANYBODY = 0.1
NEARLY_ALL = 0.9
MANY = 0.25
# Of a wrong value's mean score below that of the best one.
WRONG_BY = 0.5
# Learners, or answers: fewer say little of what nobody chooses, and of a test that nearly all fail.
ENOUGH = 20
# Learners behind each of two values whose strength is compared.
SOME = 10
# Times as many attempts in the mean as in the median.
TOO_OFTEN = 3.0

VERDICTS = {
    "time_limit_exceeded": (
        "slow_programs",
        "exceed the time limit: does the text say how large the input gets, and is the limit wide enough?",
    ),
    "compile_error": (
        "programs_do_not_compile",
        "do not compile: does the text say which form the program must have?",
    ),
}


def find_concerns(report: StatisticsReport) -> tuple[Concern, ...]:
    """What to look at, the gravest first."""
    return (
        *_solved(report.totals),
        *_discrimination(report),
        *(concern for part in report.answers for concern in _wrong_answer_wins(part)),
        *_tests(report.tests),
        *_verdicts(report.verdicts, report.totals.answers),
        *_attempts(report.totals),
        *(concern for part in report.answers for concern in _nobody_chooses(part)),
    )


def _solved(totals: Totals) -> Iterator[Concern]:
    solved = totals.solved
    if solved.value == 0:
        question = "can it be solved, and is the key right?"
        yield Concern("nobody_solves_it", f"None of {solved.learners} learners solved it: {question}")
    elif solved.value is not None and solved.value < HARDLY_ANYBODY:
        question = "is the key right, and does the text say enough?"
        shown = f"Only {_percent(solved.value)} of {solved.learners} learners solved it"
        yield Concern("hardly_anybody_solves_it", f"{shown}: {question}")


def _discrimination(report: StatisticsReport) -> Iterator[Concern]:
    """Only where the whole interval is below what is useful: few learners say nothing yet."""
    found = report.discrimination
    if found.value is None or found.high is None or found.high >= DISCRIMINATES:
        return
    between = f"{found.value:.2f} (between {found.low:.2f} and {found.high:.2f})"
    if found.value < 0:
        advice = "who does well elsewhere fails here. Look whether the key is right."
        yield Concern("negative_discrimination", f"The discrimination is negative, {between}: {advice}")
    else:
        advice = "who can do it and who cannot fare alike here. Is the text clear?"
        yield Concern("low_discrimination", f"The discrimination is low, {between}: {advice}")


def _wrong_answer_wins(part: PartAnalysis) -> Iterator[Concern]:
    """A value that scores far less than the best one, though stronger learners give it, or more of them do."""
    given = [value for value in part.values if value.score is not None]
    if not given:
        return
    best = max(given, key=lambda value: (value.score, value.learners))
    wrong = [value for value in given if _score(best) - _score(value) >= WRONG_BY]
    if stronger := [value for value in wrong if _is_given_by_stronger(value, best)]:
        rival = _scored(max(stronger, key=_strength))
        told = f"who answers {rival} does better elsewhere than who answers {_scored(best)}"
        yield Concern("stronger_learners_differ", f"{part.part}: {told}. Look whether the key is right.")
    elif frequent := [value for value in wrong if value.learners > best.learners]:
        most = max(frequent, key=lambda value: value.learners)
        told = f"{most.learners} learners answer {_scored(most)}, {best.learners} answer {_scored(best)}"
        question = "A misconception to answer with feedback, or a wrong key?"
        yield Concern("wrong_answer_most_frequent", f"{part.part}: {told}. {question}")


def _is_given_by_stronger(value: ValueAnalysis, best: ValueAnalysis) -> bool:
    if value.rest_score is None or best.rest_score is None or min(value.learners, best.learners) < SOME:
        return False
    return value.rest_score > best.rest_score


def _nobody_chooses(part: PartAnalysis) -> Iterator[Concern]:
    unused = [value.value for value in part.values if not value.learners]
    if unused and part.learners >= ENOUGH:
        told = f"none of {part.learners} learners chose {', '.join(unused)}"
        advice = "A wrong option that tempts nobody can be replaced."
        yield Concern("option_nobody_chooses", f"{part.part}: {told}. {advice}")


def _tests(tests: Tests | None) -> Iterator[Concern]:
    for test in tests.failing if tests else ():
        if test.ran >= ENOUGH and test.share >= NEARLY_ALL:
            told = f"Test {test.group}/{test.name} fails for {_percent(test.share)} of {test.ran} answers that ran it"
            question = "is it right, and does the text prepare for it?"
            yield Concern("test_nearly_all_fail", f"{told}: {question}")


def _verdicts(verdicts: Distribution, answers: int | None) -> Iterator[Concern]:
    for cell in verdicts.cells:
        if answers and cell.value in VERDICTS and cell.count >= MANY * answers:
            code, question = VERDICTS[cell.value]
            yield Concern(code, f"{_percent(cell.count / answers)} of {answers} answers {question}")


def _attempts(totals: Totals) -> Iterator[Concern]:
    mean, median = totals.attempts_mean.value, totals.attempts_median.value
    if mean is not None and median is not None and mean >= TOO_OFTEN * median:
        told = f"{mean:.1f} attempts in the mean and {median:g} in the median: a few learners try very often"
        advice = "If they guess, set attempts_max, attempt_penalty or cooldown_seconds."
        yield Concern("few_try_very_often", f"{told}. {advice}")


def _scored(value: ValueAnalysis) -> str:
    return f"{value.value} (score {_score(value):.2f})"


def _strength(value: ValueAnalysis) -> float:
    return value.rest_score or 0.0


def _score(value: ValueAnalysis) -> float:
    return value.score or 0.0


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
