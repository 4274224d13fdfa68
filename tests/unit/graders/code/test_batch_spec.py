from __future__ import annotations

import copy
from typing import Any

import pytest

from core.errors import InfrastructureError, InvalidAnswer, InvalidSpec
from core.grading import CaseResult, Verdict
from graders.code.batch import BatchGrader
from graders.code.limits import read_limits
from graders.code.program import MAX_SOURCE
from graders.code.spec import MAX_BYTES, MAX_CASES, read_groups

GRADER = BatchGrader()
CASE = {"input": "1 2\n", "output": "3\n"}
SPEC: dict[str, Any] = {
    "languages": ["python", "c"],
    "limits": {"cpu_seconds": 1, "memory_mb": 64},
    "checker": {"name": "tokens"},
    "groups": [
        {"name": "sample", "sample": True, "cases": [CASE]},
        {"name": "main", "points": 30, "cases": [CASE, {**CASE, "name": "secret trick"}]},
        {"name": "more", "points": 70, "scoring": "sum", "dependencies": ["main"], "cases": [CASE] * 4},
    ],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """SPEC with the field at a dotted path replaced."""
    spec = copy.deepcopy(SPEC)
    *way, last = path.split(".")
    place: Any = spec
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value
    return spec


def test_a_full_spec_is_accepted() -> None:
    GRADER.check_spec(SPEC)


def test_a_spec_needs_nothing_but_groups() -> None:
    GRADER.check_spec({"groups": [{"name": "main", "cases": [CASE]}]})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("groups", []),
        ("groups.0.cases", []),
        ("groups.0.cases.0", {"input": "1"}),
        ("groups.0.cases.0.input", 5),
        ("groups.0.cases.0.input", "\ud800"),
        ("groups.0.surprise", 1),
        ("groups.1.name", "sample"),
        ("groups.1.points", -1),
        ("groups.1.scoring", "max"),
        ("groups.1.dependencies", ["more"]),
        ("groups.2.dependencies", ["nobody"]),
        ("surprise", 1),
        ("languages", []),
        ("languages", ["cobol"]),
        ("checker", {"name": "psychic"}),
        ("checker", {"name": "exact", "ignore_case": True}),
        ("limits.cpu_seconds", 0),
        ("limits.cpu_seconds", 21),
        ("limits.wall_seconds", 61),
        ("limits.memory_mb", 15),
        ("limits.memory_mb", 2049),
        ("limits.output_kb", 65537),
        ("limits.processes", 257),
        ("limits.surprise", 1),
        ("groups.0.cases", [CASE] * (MAX_CASES + 1)),
        ("groups.0.cases.0.output", "x" * (MAX_BYTES + 1)),
    ],
)
def test_a_bad_spec_is_refused_with_the_field_that_is_wrong(path: str, value: Any) -> None:
    with pytest.raises(InvalidSpec) as refused:
        GRADER.check_spec(changed(path, value))
    where = "spec." + path
    assert any(where.startswith(field) or field.startswith(where) for field in refused.value.errors)


def test_the_total_number_of_cases_is_bounded_over_all_groups() -> None:
    groups = [{"name": f"g{i}", "cases": [CASE] * 101} for i in range(2)]
    with pytest.raises(InvalidSpec):
        GRADER.check_spec({"groups": groups})


def test_what_a_learner_sees_holds_nothing_of_a_hidden_case() -> None:
    spec = changed(
        "groups.1.cases.0", {"input": "hidden-input", "output": "hidden-output", "name": "hidden-name"}
    )
    seen = GRADER.redact(spec)
    assert "hidden-" not in str(seen)
    assert seen["groups"][1] == {"name": "main", "sample": False, "points": 30, "case_count": 2}


def test_a_learner_sees_samples_limits_languages_and_the_checkers_name() -> None:
    seen = GRADER.redact(SPEC)
    assert seen["groups"][0]["cases"] == [{"name": "sample 1", "input": "1 2\n", "output": "3\n"}]
    assert seen["limits"]["memory_mb"] == 64
    assert seen["languages"] == ["python", "c"]
    assert seen["checker"] == {"name": "tokens"}


def test_the_name_of_a_hidden_case_is_its_number() -> None:
    assert [case.name for case in read_groups(SPEC)[1].cases] == ["main 1", "main 2"]


def test_sample_groups_have_no_points_unless_given_and_others_a_hundred() -> None:
    groups = read_groups(
        {"groups": [{"name": "s", "sample": True, "cases": [CASE]}, {"name": "m", "cases": [CASE]}]}
    )
    assert [group.points for group in groups] == [0, 100]


def test_min_groups_stop_at_the_first_failure_and_sum_groups_go_on() -> None:
    assert [group.stop_on_failure for group in read_groups(SPEC)] == [True, True, False]


def test_the_wall_clock_of_a_long_cpu_limit_stays_bounded() -> None:
    assert read_limits({"limits": {"cpu_seconds": 20}}).wall == 60


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"language": "python", "source": " \n\t"}, "answer.source"),
        ({"language": "python", "source": "a\0b"}, "answer.source"),
        ({"language": "python", "source": "\udfff"}, "answer.source"),
        ({"language": "python", "source": "é" * (MAX_SOURCE // 2 + 1)}, "answer.source"),
        ({"language": "python", "source": 5}, "answer.source"),
        ({"language": "cpp", "source": "x"}, "answer.language"),
        ({"language": "klingon", "source": "x"}, "answer.language"),
        ({"language": ["python"], "source": "x"}, "answer.language"),
        ({"language": "python"}, "answer"),
        ({"language": "python", "source": "x", "stdin": "y"}, "answer"),
        ("print(1)", "answer"),
        (None, "answer"),
    ],
)
def test_a_bad_answer_is_refused(answer: Any, field: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        GRADER.check_answer(SPEC, answer)
    assert field in refused.value.errors


def test_any_known_language_fits_a_spec_without_languages() -> None:
    GRADER.check_answer({**SPEC, "languages": None}, {"language": "cpp", "source": "int main() {}"})


def result(group: str, verdict: Verdict = Verdict.ACCEPTED) -> CaseResult:
    return CaseResult(group, verdict, 1.0 if verdict is Verdict.ACCEPTED else 0.0, group)


def test_groups_weigh_their_points_and_samples_nothing() -> None:
    results = [result("sample"), result("main"), result("main"), *[result("more")] * 3]
    report = GRADER.summarise(SPEC, [*results, result("more", Verdict.WRONG_ANSWER)])
    assert report.score == pytest.approx(0.3 + 0.7 * 0.75)
    assert report.verdict is Verdict.PARTIALLY_ACCEPTED


def test_a_min_group_is_worth_its_worst_case() -> None:
    results = [result("sample"), result("main"), result("main", Verdict.TIME_LIMIT_EXCEEDED)]
    report = GRADER.summarise(SPEC, results)
    assert (report.score, report.verdict) == (0.0, Verdict.TIME_LIMIT_EXCEEDED)


def test_a_case_that_did_not_run_scores_nothing() -> None:
    results = [result("sample"), result("main"), result("main", Verdict.WRONG_ANSWER), result("more")]
    assert GRADER.summarise(SPEC, results).score == pytest.approx(0.7 / 4)


def test_a_failed_sample_alone_is_never_accepted() -> None:
    results = [result("sample", Verdict.WRONG_ANSWER), result("main"), result("main"), *[result("more")] * 4]
    report = GRADER.summarise(SPEC, results)
    assert (report.score, report.verdict) == (1.0, Verdict.PARTIALLY_ACCEPTED)


def test_groups_without_any_points_weigh_the_same() -> None:
    spec = {
        "groups": [{"name": "a", "points": 0, "cases": [CASE]}, {"name": "b", "points": 0, "cases": [CASE]}]
    }
    assert GRADER.summarise(spec, [result("a"), result("b", Verdict.WRONG_ANSWER)]).score == 0.5


def test_no_result_is_our_failure() -> None:
    with pytest.raises(InfrastructureError):
        GRADER.summarise(SPEC, [])
