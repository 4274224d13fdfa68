"""What is wrong with a challenge beyond the form of its fields, and beyond its spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from core.errors import ValidationFailed
from core.models.challenge import Challenge
from core.services.revisions import head_of
from graders.registry import grader_for
from graders.translation import text_errors

CONTENT: Mapping[str, Any] = {"translations": {}, "kind": "", "spec": {}, "hints": []}


def check_translations(
    session: Session, changes: Mapping[str, Any], challenge: Challenge | None = None
) -> None:
    """Whether the translations fit the rest, as it is after these `changes` of the challenge (None: of a new one).

    The spec was checked before. Raises ValidationFailed.
    """
    if changes.keys().isdisjoint({*CONTENT, "locale"}):
        return
    head = head_of(session, challenge) if challenge else None
    after = {name: changes.get(name, getattr(head, name, default)) for name, default in CONTENT.items()}
    after["locale"] = changes.get("locale", challenge.locale if challenge else "en")
    if errors := dict(_errors(after)):
        raise ValidationFailed(errors)


def _errors(after: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    shown: dict[str, Any] | None = None
    tags = [after["locale"].lower()]
    for tag, words in after["translations"].items():
        field = f"translations.{tag}"
        if tag.lower() in tags:
            yield field, [f"There are texts in {tag} already: the challenge's own, or another translation."]
        tags.append(tag.lower())
        if len(words.get("hints", ())) > len(after["hints"]):
            yield f"{field}.hints", [f"The challenge has {len(after['hints'])} hints."]
        if words.get("texts"):
            shown = shown if shown is not None else grader_for(after["kind"]).redact(after["spec"])
            if messages := text_errors(shown, words["texts"]):
                yield f"{field}.texts", messages[:20]
