"""Saving challenges, with the wish to publish them: what must be run first waits behind the gate.

The examples of a question are graded in the request. Programs are run by workers: until their check has passed a draft
stays one, and of a published challenge learners keep what they have. See docs/adr/0006-revisions-and-the-gate.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.challenge_checks import check_translations
from core.errors import InvalidAnswer, ValidationFailed
from core.grading import Verdict
from core.models.batch import Batch
from core.models.challenge import Challenge
from core.models.user import User
from core.services.audit import Act, record_act
from core.services.batches import end_batch, open_batch
from core.services.challenges import create_challenge, prepare_changes, publish_head, update_challenge
from core.services.publication import (
    NewCheck,
    has_passed,
    needs_check,
    running_check,
    start_check,
    withdraw,
)
from core.services.revisions import CONTENT, content_of, get_revision, head_of
from core.words import BatchStatus, ChallengeState, Purpose
from graders.base import Grader
from graders.registry import grader_for
from graders.strength import gate
from graders.strength.check import NO_PROGRAM, NOT_WANTED, run_solution
from graders.strength.report import Checked, CheckReport

PUBLISHED = ChallengeState.PUBLISHED
# A change of anything else needs no new check.
TESTED = ("kind", "spec", "solutions")
EITHER = {"publish_at": ["It is published already, or asks for it now: leave publish_at or the state out."]}


def create(session: Session, author: User | None, fields: Mapping[str, Any]) -> Challenge:
    """Make a challenge, and publish it or begin the check that will, if its `state` asks for that.

    Raises ValidationFailed for a spec or a solution that does not fit its kind, and for a question to publish whose
    examples get another verdict than they promise.
    """
    content = {"solutions": [], **fields}
    grader = _fitting_grader(content, spec=True)
    check_translations(session, fields)
    if fields.get("state") is not PUBLISHED:
        return create_challenge(session, author, fields)
    _check_date(fields)
    if not needs_check(grader, content["solutions"]):
        _check_examples(grader, content)
        return create_challenge(session, author, fields)
    challenge = create_challenge(session, author, {**fields, "state": ChallengeState.DRAFT})
    start_check(session, challenge, grader, NewCheck(Purpose.PUBLISH, author))
    return challenge


def change(session: Session, challenge: Challenge, changes: Mapping[str, Any], author: User | None) -> bool:
    """Change a challenge, through the gate where it is published or is to be; whether anything differed.

    A wish that still waits for its check is kept until a `state` says otherwise. Raises as `create`.
    """
    before = content_of(head_of(session, challenge))
    after = before | {name: value for name, value in changes.items() if name in CONTENT}
    tested = any(after[name] != before[name] for name in TESTED)
    grader = _fitting_grader(after, spec=not {"kind", "spec"}.isdisjoint(changes)) if tested else None
    check_translations(session, changes, challenge)
    if not _is_wanted(session, challenge, changes):
        changed = update_challenge(session, challenge, changes, author)
        withdraw(session, challenge)
        return changed
    _check_date(changes)
    grader = grader or grader_for(after["kind"])
    if needs_check(grader, after["solutions"]):
        return _change_behind_gate(session, challenge, changes, (grader, author, tested))
    if tested or challenge.state is not PUBLISHED:
        _check_examples(grader, after)
    changed = update_challenge(session, challenge, {**changes, "state": PUBLISHED}, author)
    withdraw(session, challenge)
    return changed


def publish(session: Session, challenge: Challenge, by: User) -> Batch:
    """Check the head, and publish it when it passes; a check of it that runs already is returned.

    Raises ValidationFailed for a question whose examples get another verdict than they promise.
    """
    head = head_of(session, challenge)
    grader = grader_for(head.kind)
    if not needs_check(grader, head.solutions):
        return _publish_now(session, challenge, by)
    running = running_check(session, challenge)
    if running is not None and running.revision == challenge.head:
        return running
    return start_check(session, challenge, grader, NewCheck(Purpose.PUBLISH, by))


def verify(session: Session, challenge: Challenge, by: User, mutants: int) -> Batch:
    """Check the head's solutions, and how many of at most so many mutants of the reference its tests notice."""
    grader = grader_for(head_of(session, challenge).kind)
    return start_check(session, challenge, grader, NewCheck(Purpose.VERIFY, by, {"mutants": mutants}))


def restore(session: Session, challenge: Challenge, number: int, by: User) -> bool:
    """Write a new revision that says what an old one said, as a change like any other. Raises NotFound."""
    changed = change(session, challenge, content_of(get_revision(session, challenge.id, number)), by)
    record_act(session, Act("challenge.restored", "challenge", challenge.id, {"revision": number}))
    return changed


def _is_wanted(session: Session, challenge: Challenge, changes: Mapping[str, Any]) -> bool:
    """Whether it is to be published with these changes, or stay so."""
    if challenge.state is PUBLISHED or "state" in changes:
        return bool(changes.get("state", challenge.state) is PUBLISHED)
    return running_check(session, challenge) is not None


def _change_behind_gate(
    session: Session,
    challenge: Challenge,
    changes: Mapping[str, Any],
    how: tuple[Grader, User | None, bool],
) -> bool:
    grader, author, tested = how
    live = challenge.state is PUBLISHED
    if live and challenge.head == challenge.revision and not tested:
        return update_challenge(session, challenge, changes, author)
    # Nobody but authors sees a draft: it may say at once what it is going to say.
    save = prepare_changes if live else update_challenge
    changed = save(session, challenge, {**changes, "state": challenge.state}, author)
    running = running_check(session, challenge)
    if has_passed(session, challenge):
        publish_head(session, challenge)
    elif running is None or running.revision != challenge.head:
        start_check(session, challenge, grader, NewCheck(Purpose.PUBLISH, author))
    return changed


def _publish_now(session: Session, challenge: Challenge, by: User) -> Batch:
    """Where nothing has to be run in a sandbox; the check is kept, so that its report can be read."""
    head = head_of(session, challenge)
    grader = grader_for(head.kind)
    content = content_of(head)
    checked = _check_examples(grader, content)
    parsed = [gate.Solution.parse(entry) for entry in head.solutions]
    left_open = gate.warnings(gate.Challenge(head.kind, head.spec), parsed)
    report = CheckReport(
        tuple(checked), left_open, no_strength=NOT_WANTED if grader.queue == "code" else NO_PROGRAM
    )
    withdraw(session, challenge)
    batch = open_batch(session, Purpose.PUBLISH, (challenge.id, challenge.head), by, {})
    end_batch(batch, BatchStatus.PASSED, report.as_dict() | {"failure": None})
    publish_head(session, challenge)
    session.flush()
    return batch


def _fitting_grader(content: Mapping[str, Any], *, spec: bool) -> Grader:
    """The kind's grader, which took the solutions, and the `spec` where that is new. Raises ValidationFailed."""
    grader = grader_for(content["kind"])
    if spec:
        grader.check_spec(content["spec"])
    errors: dict[str, list[str]] = {}
    for index, solution in enumerate(content["solutions"]):
        try:
            grader.check_answer(content["spec"], solution["answer"])
        except InvalidAnswer as error:
            errors |= {f"solutions.{index}.{field}": said for field, said in error.errors.items()}
    if errors:
        raise ValidationFailed(errors, "Some solutions do not fit the challenge; see errors.")
    return grader


def _check_examples(grader: Grader, content: Mapping[str, Any]) -> Sequence[Checked]:
    """What the examples of a question get. Raises ValidationFailed when that is not what they promise."""
    challenge = gate.Challenge(content["kind"], content["spec"])
    checked = [run_solution(challenge, gate.Solution.parse(entry)) for entry in content["solutions"]]
    errors = {f"solutions.{index}": [_said(one)] for index, one in enumerate(checked) if one.passed is False}
    if errors:
        raise ValidationFailed(
            errors, "It cannot be published: some examples do not get what they must; see errors."
        )
    return checked


def _said(one: Checked) -> str:
    found = one.verdict or Verdict.INTERNAL_ERROR
    return f"{one.name} must get {one.expected} and gets {found}: mend the spec or the example."


def _check_date(fields: Mapping[str, Any]) -> None:
    if fields.get("publish_at") is not None:
        raise ValidationFailed(EITHER)
