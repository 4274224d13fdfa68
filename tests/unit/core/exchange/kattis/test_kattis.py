"""Kattis packages come in as code.batch and go out again; what has no place here is refused with the reason."""

from pathlib import Path
from typing import Any

import pytest

from core.content import ChallengeContent, Content, Solution
from core.exchange.creathon_reader import read_content
from core.exchange.kattis.reader import holds_package, read_kattis
from core.exchange.kattis.writer import write_kattis
from core.exchange.tree import Tree
from core.grading import Verdict
from graders.registry import GRADERS

PACKAGE = {
    "problem.yaml": "name: Sums\nkeywords: easy maths\nlimits: {memory: 512, output: 8}\n",
    ".timelimit": "1.5\n",
    "problem_statement/problem.en.md": "Add two numbers.\n",
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/02.in": "2 2\n",
    "data/secret/02.ans": "4\n",
    "data/secret/10-big.in": "5 5\n",
    "data/secret/10-big.ans": "10\n",
    "submissions/accepted/ok.py": "print(sum(map(int, input().split())))\n",
    "submissions/wrong_answer/Minus.cc": "int main() {}\n",
    "submissions/run_time_error/crash.py": "1 / 0\n",
}
SCORED = {
    "data/secret/02.in": None,
    "data/secret/02.ans": None,
    "data/secret/10-big.in": None,
    "data/secret/10-big.ans": None,
    "problem.yaml": "name: Sums\ntype: scoring\n",
    "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample\n",
    "data/secret/1-small/testdata.yaml": "on_reject: break\ngrader_flags: min\naccept_score: 30\nrange: 0 30\n",
    "data/secret/1-small/a.in": "1\n",
    "data/secret/1-small/a.ans": "1\n",
    "data/secret/2-large/testdata.yaml": "on_reject: continue\naccept_score: 35\nrange: 0 70\n",
    "data/secret/2-large/a.in": "2\n",
    "data/secret/2-large/a.ans": "2\n",
    "data/secret/2-large/b.in": "3\n",
    "data/secret/2-large/b.ans": "3\n",
}


def tree(changes: dict[str, str | None] | None = None) -> Tree:
    files = {path: text for path, text in {**PACKAGE, **(changes or {})}.items() if text is not None}
    return Tree({path: text.encode() for path, text in files.items()})


def only(changes: dict[str, str | None] | None = None) -> ChallengeContent:
    content = read_kattis(tree(changes), "sums")
    assert [str(problem) for problem in content.problems] == []
    (challenge,) = content.challenges
    GRADERS["code.batch"].check_spec(challenge.body["spec"])
    return challenge


def refused(changes: dict[str, str | None]) -> str:
    content = read_kattis(tree(changes), "sums")
    assert content.challenges == []
    (problem,) = content.problems
    return str(problem)


def test_a_package_is_read_whole():
    challenge = only()
    assert challenge.slug == "kattis/sums"
    assert challenge.body == {
        "title": "Sums",
        "description": "Add two numbers.",
        "kind": "code.batch",
        "tags": ["easy", "maths"],
        "spec": {
            "limits": {"cpu_seconds": 1.5, "memory_mb": 512, "output_kb": 8192},
            "checker": {"name": "tokens", "ignore_case": True},
            "groups": [
                {
                    "name": "sample",
                    "sample": True,
                    "points": 0,
                    "cases": [{"input": "1 2\n", "output": "3\n"}],
                },
                {
                    "name": "secret",
                    "points": 100,
                    "scoring": "min",
                    "cases": [{"input": "2 2\n", "output": "4\n"}, {"input": "5 5\n", "output": "10\n"}],
                },
            ],
        },
    }


def test_submissions_are_solutions_with_the_verdict_of_their_folder():
    folder = "kattis/sums/solutions"
    assert only().solutions == (
        Solution(
            f"{folder}/accepted_ok.py", Verdict.ACCEPTED, "python", PACKAGE["submissions/accepted/ok.py"]
        ),
        Solution(f"{folder}/runtime_error_crash.py", Verdict.RUNTIME_ERROR, "python", "1 / 0\n"),
        Solution(f"{folder}/wrong_answer_minus.cpp", Verdict.WRONG_ANSWER, "cpp", "int main() {}\n"),
    )


def test_groups_of_a_scoring_problem_keep_their_points():
    groups = only(SCORED).body["spec"]["groups"][1:]
    assert [(g["name"], g["points"], g["scoring"], g["stop_on_failure"], len(g["cases"])) for g in groups] == [
        ("1-small", 30, "min", True, 1), ("2-large", 70, "sum", False, 2),
    ]  # fmt: skip


def test_folders_of_a_pass_fail_problem_are_one_group():
    folders = {
        path.replace("secret/", "secret/deep/er/"): text for path, text in PACKAGE.items() if "secret" in path
    }
    moved = dict.fromkeys((path for path in PACKAGE if "secret" in path), None) | folders
    assert only(moved).body["spec"] == only().body["spec"]


@pytest.mark.parametrize(
    ("flags", "checker"),
    [
        ("case_sensitive", {"name": "tokens"}),
        ("case_sensitive space_change_sensitive", {"name": "exact"}),
        ("float_tolerance 1e-4", {"name": "floats", "absolute": 1e-4, "relative": 1e-4, "ignore_case": True}),
        ("float_relative_tolerance 1e-9 case_sensitive", {"name": "floats", "relative": 1e-9}),
    ],
)
def test_validator_flags_choose_the_checker(flags, checker):
    spec = only({"problem.yaml": f"name: Sums\nvalidator_flags: {flags}\n"}).body["spec"]
    assert spec["checker"] == checker


def test_a_validator_in_one_file_is_a_custom_checker():
    changes = {
        "problem.yaml": "name: Sums\nvalidation: custom\n",
        "output_validators/check/validate.py": "exit(42)\n",
    }
    assert only(changes).body["spec"]["checker"] == {
        "name": "custom",
        "language": "python",
        "source": "exit(42)\n",
    }


def test_statements_in_other_languages_are_translations():
    changes = {
        "problem.yaml": "name: {en: Sums, de: Summen}\n",
        "problem_statement/problem.de.md": "Addiere zwei Zahlen.\n",
    }
    body = only(changes).body
    assert body["title"] == "Sums"
    assert body["translations"] == {"de": {"title": "Summen", "description": "Addiere zwei Zahlen."}}


def test_a_statement_in_latex_becomes_markdown():
    tex = r"""\problemname{Nice Sums}
% a comment
Add \emph{two} numbers $a$ and $b$.
\section*{Input}
\begin{itemize}
\item One line, \texttt{a b}.
\end{itemize}
"""
    changes = {
        "problem_statement/problem.en.md": None,
        "problem_statement/problem.en.tex": tex,
        "problem.yaml": "x: 1\n",
    }
    body = only(changes).body
    assert body["title"] == "Nice Sums"
    assert body["description"] == "Add *two* numbers $a$ and $b$.\n\n## Input\n\n- One line, `a b`."


def test_several_packages_in_a_folder_are_read():
    files = {f"{name}/{path}": text.encode() for name in ("one", "two") for path, text in PACKAGE.items()}
    assert holds_package(Tree(files))
    assert [one.slug for one in read_kattis(Tree(files)).challenges] == ["kattis/one", "kattis/two"]


def test_whose_it_is_is_said():
    head = "name: Sums\nauthor: Ada\nsource: A contest\nlicense: cc by-sa\n"
    assert (
        only({"problem.yaml": head})
        .body["description"]
        .endswith("*Author: Ada. Source: A contest. Licence: cc by-sa.*")
    )


def test_what_is_left_out_is_told():
    changes = {
        "submissions/accepted/ok.kt": "fun main() {}",
        "submissions/slow_judge/x.py": "",
        "problem_statement/picture.png": "x",
        ".timelimit": None,
    }
    content = read_kattis(tree(changes), "sums")
    assert {note.file for note in content.skipped} == {
        "sums/submissions/accepted/ok.kt", "sums/submissions/slow_judge", "sums/problem_statement/picture.png",
        "sums/.timelimit",
    }  # fmt: skip
    assert len(content.challenges) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"problem.yaml": "name: ["}, "sums/problem.yaml: Line"),
        ({"problem.yaml": "- a"}, "sums/problem.yaml: Must be a mapping"),
        ({"problem.yaml": "name: x\ntype: interactive"}, "type: interactive problems"),
        ({"problem.yaml": "name: x\nvalidation: custom interactive"}, "validation: 'custom interactive'"),
        ({"problem.yaml": "name: x\nvalidation: custom score"}, "validation: 'custom score'"),
        ({"problem.yaml": "name: x\nvalidation: custom"}, "output_validators: Must hold one file"),
        ({"problem.yaml": "name: x\nvalidator_flags: sloppy"}, "validator_flags: 'sloppy'"),
        (
            {"problem.yaml": "name: x\nvalidator_flags: float_tolerance x"},
            "validator_flags: 'x' is no tolerance",
        ),
        ({"problem.yaml": "name: x\nvalidator_flags: space_change_sensitive"}, "only together with case"),
        ({"problem.yaml": "name: x\nlimits: {memory: 9999}"}, "limits.memory: Must be a whole number"),
        ({".timelimit": "soon"}, "sums/.timelimit: Must hold the seconds"),
        ({"problem_statement/problem.en.md": None}, "sums/problem_statement: Must hold problem.en.md"),
        ({"data/secret/02.ans": None}, "sums/data/secret/02.ans: There is no such file"),
        ({"data/secret/02.in": "a\0b"}, "sums/data/secret/02.in: Contains a NUL"),
        (SCORED | {"data/secret/2-large/testdata.yaml": "grading: custom"}, "grading: custom"),
        (SCORED | {"data/secret/2-large/testdata.yaml": "grader_flags: max"}, "'max' has no place"),
        (SCORED | {"data/secret/2-large/testdata.yaml": "reject_score: -1"}, "Scores must be numbers from 0"),
        (SCORED | {"data/secret/2-large/testdata.yaml": "reject_score: 1"}, "reject_score must be 0"),
        (SCORED | {"data/secret/2-large/deep/x.in": "1"}, "groups within a group"),
        (SCORED | {"data/secret/x.in": "1", "data/secret/x.ans": "1"}, "tests and groups"),
        (SCORED | {"data/testdata.yaml": "grader_flags: min"}, "points of groups are added up"),
    ],
)
def test_what_has_no_place_here_is_refused_with_its_file(changes, said):
    assert said in refused(changes)


def test_a_checker_of_several_files_is_refused():
    head = {"problem.yaml": "name: x\nvalidation: custom\n"}
    own = {"output_validators/v/a.cpp": '#include "validate.h"\n'}
    assert "put everything into one file" in refused(head | own)
    assert "Must hold one file" in refused(head | own | {"output_validators/v/validate.h": ""})


def written(challenge: ChallengeContent) -> tuple[dict[str, bytes], list[Any]]:
    return write_kattis([challenge])


def again(challenge: ChallengeContent) -> ChallengeContent:
    files, problems = written(challenge)
    assert [str(problem) for problem in problems] == []
    content: Content = read_kattis(Tree(files))
    assert [str(problem) for problem in content.problems] == []
    return content.challenges[0]


@pytest.mark.parametrize("changes", [None, SCORED], ids=["pass-fail", "scoring"])
def test_a_package_comes_back_as_it_was(changes):
    challenge = only(changes)
    back = again(challenge)
    names = {group["name"] for group in back.body["spec"]["groups"]}
    for mine, theirs in zip(challenge.body["spec"]["groups"], back.body["spec"]["groups"], strict=True):
        assert mine | {"name": ""} == theirs | {"name": ""}
    assert len(names) == len(challenge.body["spec"]["groups"])
    assert {**back.body, "spec": {}} == {**challenge.body, "spec": {}}
    assert {**back.body["spec"], "groups": []} == {**challenge.body["spec"], "groups": []}
    assert back.solutions == challenge.solutions


SAMPLES = read_content(Path(__file__).parents[5] / "content").challenges
BATCH = [challenge for challenge in SAMPLES if challenge.body["kind"] == "code.batch"]


@pytest.mark.parametrize("challenge", BATCH, ids=lambda challenge: challenge.slug)
def test_the_samples_come_back_or_are_refused_with_a_reason(challenge):
    files, problems = written(challenge)
    if problems:
        assert problems[0].message
        return
    back = read_kattis(Tree(files)).challenges[0]
    assert [group["cases"] for group in back.body["spec"]["groups"]] == [
        group["cases"] for group in challenge.body["spec"]["groups"]
    ]
    kept = [one.verdict for one in challenge.solutions if one.verdict is not Verdict.COMPILE_ERROR]
    assert sorted(one.verdict for one in back.solutions) == sorted(kept)


def test_a_package_has_a_name_that_kattis_takes():
    twice = [ChallengeContent(slug, "", only().body) for slug in ("a/two-sums", "b/two-sums")]
    files, _ = write_kattis(twice)
    assert {path.partition("/")[0] for path in files} == {"twosums", "twosums2"}


def test_statements_are_written_in_latex_too():
    text = "# Input\n\nOne **big** number `n_1` with $n \\le 10$, 5% of [all](https://example.org)."
    text += "\n\n- a\n- *b*\n\n```\n1_2\n```"
    body = only().body | {"description": text, "title": "Sums & more"}
    files, _ = written(ChallengeContent("kattis/sums", "", body))
    assert (
        files["sums/problem_statement/problem.en.tex"].decode()
        == r"""\problemname{Sums \& more}

\section*{Input}

One \textbf{big} number \texttt{n\_1} with $n \le 10$, 5\% of all (\url{https://example.org}).

\begin{itemize}
\item a
\item \emph{b}

\end{itemize}
\begin{verbatim}
1_2
\end{verbatim}
"""
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"checker": {"name": "unordered"}}, "spec.checker: Kattis has no checker unordered"),
        ({"limits": {"wall_seconds": 5}}, "spec.limits.wall_seconds: Kattis knows no such limit"),
        ({"limits": {"output_kb": 5}}, "spec.limits.output_kb: Kattis counts output in megabytes"),
        ({"groups": [{"name": "a", "hint": "x", "cases": []}]}, "no place for hints"),
        ({"groups": [{"name": "a", "dependencies": ["b"], "cases": []}]}, "do not depend on each other"),
    ],
)
def test_what_kattis_cannot_hold_is_refused(change, said):
    challenge = only()
    body = challenge.body | {"spec": challenge.body["spec"] | change}
    _, problems = written(ChallengeContent("kattis/sums", "", body))
    assert said in str(problems[0])
