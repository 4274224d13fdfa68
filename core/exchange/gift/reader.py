"""GIFT questions as challenges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from core.content import CategoryContent, ChallengeContent, Content, Problem
from core.exchange.gift.answers import PLAIN_KINDS, Read, essay, numeric, true_false
from core.exchange.gift.blocks import Block, blocks_of
from core.exchange.gift.syntax import Question, answers_of, question_of, unescaped
from core.exchange.markup import as_markdown
from core.exchange.slugs import SLUG, Slugs, slug_of
from core.exchange.values import BadValue

QUESTIONS_MAX = 2_000
BLOCK_MAX = 64 * 1024
TITLE_MAX = 200
CATEGORY_MAX = 64


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    name: str
    content: Content = field(default_factory=Content)
    slugs: dict[str, Slugs] = field(default_factory=dict)
    categories: dict[str, CategoryContent] = field(default_factory=dict)


def read_gift(text: str, name: str = "quiz") -> Content:
    """The questions of `text`; the slugs of those in no category begin with `name`, a slug itself.

    Bad questions raise nothing: each is told in `Content.problems`, with its line. Descriptions are `skipped`.
    """
    reading = _Reading(name)
    for count, block in enumerate(blocks_of(text)):
        if count >= QUESTIONS_MAX:
            message = f"At most {QUESTIONS_MAX} questions are read; split the file."
            reading.content.problems.append(Problem(f"line {block.line}", "", message))
            break
        _read_block(reading, block)
    reading.content.categories = list(reading.categories.values())
    return reading.content


def _read_block(reading: _Reading, block: Block) -> None:
    place = f"line {block.line}"
    try:
        if len(block.text) > BLOCK_MAX:
            raise BadValue("", f"Has more than {BLOCK_MAX} characters; is a blank line missing?")
        question = question_of(block.text)
        if question.answers is None:
            message = "Is a description, not a question: there are no braces."
            reading.content.skipped.append(Problem(place, "", message))
            return
        read = kind_of(question)
        challenge = _challenge(block, question, read)
    except BadValue as error:
        reading.content.problems.append(Problem(place, error.key, error.message))
        return
    reading.content.challenges.append(_placed(reading, block, challenge))
    reading.content.skipped += [Problem(place, "feedback", note) for note in read.notes]


def kind_of(question: Question) -> Read:
    """The kind of `question` and its spec. Raises BadValue."""
    raw = question.answers or ""
    if not raw:
        return essay()
    if raw.startswith("#"):
        return numeric(raw[1:])
    if read := true_false(raw):
        return read
    answers = answers_of(raw)
    kinds: dict[str, Callable[..., Read]] = PLAIN_KINDS
    signs = {answer.sign for answer in answers}
    if "~" in signs:
        return kinds["single" if "=" in signs else "multiple"](answers, question.text.format)
    if any("->" in answer.raw for answer in answers):
        return kinds["matching"](answers, question.text.format)
    return kinds["text"](answers, question.text.format)


def _challenge(block: Block, question: Question, read: Read) -> ChallengeContent:
    description = as_markdown(unescaped(question.text.raw), question.text.format)
    if not description:
        raise BadValue("", "Has no text before its answers; write the question there.")
    title = question.title or next(line for line in description.splitlines() if line.strip()).strip("#*_` ")
    body: dict[str, Any] = {
        "title": _shortened(title or "Question"),
        "description": description,
        "kind": read.kind,
        "spec": read.spec,
    }
    if block.tags:
        body["tags"] = [tag[:64] for tag in block.tags[:20]]
    if question.general_feedback:
        body["editorial"] = as_markdown(unescaped(question.general_feedback), question.text.format)
    return ChallengeContent("", "", body)


def _placed(reading: _Reading, block: Block, challenge: ChallengeContent) -> ChallengeContent:
    group = _category(reading, block)
    above, _, name = block.id.rpartition("/")
    if SLUG.fullmatch(above) and SLUG.fullmatch(name):
        return replace(challenge, slug=block.id, category=group)
    slugs = reading.slugs.setdefault(group, Slugs())
    slug = f"{group or reading.name}/{slugs.make(block.id or challenge.body['title'])}"
    return replace(challenge, slug=slug, category=group)


def _category(reading: _Reading, block: Block) -> str:
    if not block.categories:
        return ""
    slug = slug_of("/".join(block.categories))
    if slug not in reading.categories:
        name = " / ".join(block.categories)
        name = name if len(name) <= CATEGORY_MAX else block.categories[-1][:CATEGORY_MAX]
        reading.categories[slug] = CategoryContent(slug, name, None)
    return slug


def _shortened(title: str) -> str:
    return title if len(title) <= TITLE_MAX else title[: TITLE_MAX - 1].rstrip() + "…"
