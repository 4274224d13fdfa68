"""Every kind has an example to begin with, and it works as it stands."""

import pytest

from api.cli.templates import make_example, template_kinds
from api.content_store import check_references
from core.exchange.creathon_reader import read_content
from core.grading import Queue, Verdict
from graders.registry import GRADERS


def test_there_is_one_of_every_kind():
    assert set(template_kinds()) == set(GRADERS)


@pytest.mark.parametrize("kind", sorted(GRADERS))
def test_an_example_reads_and_its_answers_get_their_verdicts(kind, tmp_path):
    make_example(tmp_path, "first-steps/my-own", kind)
    content = read_content(tmp_path)
    assert [str(problem) for problem in content.problems] == []
    (challenge,) = content.challenges
    GRADERS[kind].check_spec(challenge.body["spec"])
    check_references(kind, challenge.body["spec"], challenge.references)
    if not GRADERS[kind].manual:
        assert {one["verdict"] for one in challenge.references} > {Verdict.ACCEPTED}
    assert challenge.body["kind"] == kind


def test_a_category_that_is_there_is_kept(tmp_path):
    (tmp_path / "categories.yaml").write_text("# Ours.\nloops:\n  name: Round and round\n")
    make_example(tmp_path, "loops/one", "choice")
    make_example(tmp_path, "second-steps/two", "choice")
    text = (tmp_path / "categories.yaml").read_text()
    assert text == "# Ours.\nloops:\n  name: Round and round\nsecond-steps: {name: Second steps}\n"
    assert len(read_content(tmp_path).challenges) == 2


@pytest.mark.parametrize("slug", ["loops", "Loops/one", "loops/one/two", "../x"])
def test_a_name_that_makes_no_address_is_refused(slug, tmp_path):
    with pytest.raises(ValueError, match="Give a category and a name"):
        make_example(tmp_path, slug, "choice")


def test_nothing_is_overwritten(tmp_path):
    make_example(tmp_path, "loops/one", "choice")
    with pytest.raises(ValueError, match="is there already"):
        make_example(tmp_path, "loops/one", "essay")


def test_programs_have_solutions_right_and_wrong():
    assert {kind for kind in template_kinds() if GRADERS[kind].queue is Queue.CODE} == {
        kind for kind in GRADERS if kind.startswith("code.")
    }
