"""Every error is a sentence that a learner can act upon."""

import pytest
from sqlalchemy.exc import OperationalError

from bot.messages.errors import LATER, OUR_FAULT, explain
from core import errors
from tests.functional.telegram.telegram_html import plain_text


def core_errors(root=errors.CoreError):
    return [root, *(kind for child in root.__subclasses__() for kind in core_errors(child))]


def make(kind):
    return kind({"answer.a": ["<Mend> this."]}) if issubclass(kind, errors.ValidationFailed) else kind()


@pytest.mark.parametrize("kind", core_errors())
def test_every_core_error_has_a_sentence_of_valid_html(kind):
    text = plain_text(explain(make(kind)))
    assert text[0] not in "<T"
    assert text.endswith((".", "/challenges"))


def test_an_invalid_answer_names_what_to_mend_without_its_path():
    text = explain(errors.InvalidAnswer({"answer.value": ["Give a number."], "answer.unit": ["Add <m>."]}))
    assert "not counted as an attempt" in text
    assert text.splitlines()[1:] == ["• Give a number.", "• Add &lt;m&gt;."]


def test_many_messages_are_counted_instead_of_listed():
    text = explain(errors.InvalidAnswer({f"answer.{n}": ["Wrong."] for n in range(9)}))
    assert text.splitlines()[-1] == "…and 4 more"


def test_no_attempts_left_leads_to_other_challenges():
    text = explain(errors.AttemptsExhausted("You have used all 3 attempts for this challenge."))
    assert text == "🚫 You have used all 3 attempts for this challenge. Find another one: /challenges"


def test_a_wait_is_told_in_seconds():
    assert explain(errors.TooManyRequests(retry_after=7)).endswith("Try again in 7 seconds.")


def test_a_database_that_is_away_is_told_as_a_matter_of_moments():
    error = OperationalError("SELECT secret", {}, Exception("password of creathon"))
    assert explain(error) == LATER


@pytest.mark.parametrize("error", [KeyError("secret"), errors.InfrastructureError("disk of worker7 full")])
def test_our_own_faults_tell_nothing_of_ours(error):
    assert explain(error) == OUR_FAULT
