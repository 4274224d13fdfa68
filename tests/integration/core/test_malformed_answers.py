"""A blank or malformed answer, to whichever kind, costs nothing: neither an attempt nor a row."""

import pytest
from sqlalchemy import func, select

from core.errors import InvalidAnswer
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.services.submissions import NewSubmission, create_submission
from graders.registry import grader_for
from tests.factories import rows
from tests.unit.graders.knowledge.samples import SAMPLES


def test_no_kind_counts_an_answer_that_it_refuses(session):
    learner = rows.user(session)
    for kind, sample in SAMPLES.items():
        challenge = rows.challenge(session, kind=kind, spec=sample.spec, attempts_max=1)
        for answer in (*sample.bad, {}, None, "x"):
            with pytest.raises(InvalidAnswer):
                create_submission(session, learner, challenge, grader_for(kind), NewSubmission(answer))
        assert session.get(UserProgress, (learner.id, challenge.id)) is None
        create_submission(session, learner, challenge, grader_for(kind), NewSubmission(sample.right))
    assert session.scalar(select(func.count()).select_from(Submission)) == len(SAMPLES)
