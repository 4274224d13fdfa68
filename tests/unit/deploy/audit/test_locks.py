import pytest

from deploy.audit.__main__ import offline_problems
from deploy.audit.locks import out_of_step, problems_of, read_lock

HASH = "--hash=sha256:" + "a" * 64
LOCK = f"""
celery==5.6.3 \\
    {HASH} \\
    {HASH}
    # via creathon (pyproject.toml)
colorama==0.4.6 ; sys_platform == 'win32' \\
    {HASH}
"""
BAD = [{"name": "celery", "versions": "<5.6", "reason": "it stops"}]


def problems(text: str) -> list[str]:
    return list(problems_of(read_lock(text), BAD))


def test_a_lock_that_is_pinned_and_hashed_is_sound():
    assert [(item.name, item.version) for item in read_lock(LOCK)] == [
        ("celery", "5.6.3"),
        ("colorama", "0.4.6"),
    ]
    assert problems(LOCK) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"celery>=5.6 {HASH}", "not pinned"),
        (f"celery==5.* {HASH}", "not pinned"),
        ("celery==5.6.3", "has no hash"),
        ("celery==5.6.3 --hash=md5:abc", "has no hash"),
        (f"celery @ https://example.org/celery.whl {HASH}", "no URL"),
        ("-e ../celery", "no option"),
        ("--index-url https://example.org/simple", "no option"),
        (f"Celery==5.5.0 {HASH}", "is refused: it stops"),
    ],
)
def test_whatever_else_is_in_a_lock_is_a_problem(line, said):
    assert [said in problem for problem in problems(LOCK + line)] == [True]


@pytest.mark.parametrize(
    ("wanted", "said"), [("redis>=6", "not in the lock"), ("celery[redis]>=5.7", "celery==5.6.3 is locked")]
)
def test_a_lock_that_lags_behind_pyproject_is_a_problem(wanted, said):
    assert [said in problem for problem in out_of_step(read_lock(LOCK), [wanted, "Celery>=5"])] == [True]


def test_the_lock_files_of_this_checkout_are_sound():
    assert list(offline_problems()) == []
