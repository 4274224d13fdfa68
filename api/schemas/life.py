"""The life of a challenge: hints, prerequisites, translations and editorials, as clients send and see them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from api.schemas.base import Complete, Line, Schema, Text, Whole
from core.locales import LOCALE, LOCALE_MAX

MAX_HINTS = 20
MAX_LOCALES = 50
MAX_TEXTS = 1_000
TREE = {
    "description": 'A tree of {"all": [...]}, {"any": [...]}, {"challenge": id} and {"points": n}; null: nothing.',
    "examples": [{"all": [{"challenge": 1}, {"points": 20}]}],
}
MISSING = {
    "description": "What is left to do of the prerequisites, as a tree; challenges come with their titles.",
    "type": ["object", "null"],
    "examples": [{"challenge": 1, "title": "Two and two"}],
}
COUNT = {
    "type": "object",
    "required": ["count", "bought", "next_cost"],
    "properties": {
        "count": {"type": "integer"},
        "bought": {"type": "integer"},
        "next_cost": {"type": ["integer", "null"], "description": "In points; null: all are bought."},
    },
}
HINTS = {
    "description": "How many there are and what the next one costs; for authors the hints themselves.",
    "anyOf": [COUNT, {"type": "array", "items": {"$ref": "#/components/schemas/HintWrite"}}],
}
WANTED = {
    "description": "The language you want texts in; without it Accept-Language says.",
    "examples": ["de"],
}


class Locale(Text):
    """A language tag."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = f"^{LOCALE}$"
        kwargs["metadata"] = {"pattern": pattern} | kwargs.get("metadata", {})
        super().__init__(LOCALE_MAX, **kwargs)
        error = "Must be a language tag, such as de or pt-BR."
        self.validators.append(validate.Regexp(f"{LOCALE}\\Z", error=error))


class Lang(Locale):
    """The `lang` parameter of what is translated."""

    def __init__(self) -> None:
        super().__init__(metadata=WANTED)


class MissingField(fields.Raw):
    """What `core.prerequisites.missing` found."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata=MISSING, **kwargs)


class LangArgs(Schema):
    """The query of one resource that is translated."""

    lang = Lang()


class HintWriteSchema(Schema):
    """A hint as its author writes it."""

    text = Text(10_000, least=1, required=True, metadata={"examples": ["Think of a carry."]})
    cost = Whole(0, 10_000, load_default=0, metadata={"description": "In points.", "examples": [2]})


class HintSchema(Schema):
    """A hint as its reader sees it."""

    number = fields.Integer(required=True, metadata={"description": "Counts from 1."})
    cost = fields.Integer(
        required=True, metadata={"description": "What you paid for it, or would pay now; in points."}
    )
    bought = fields.Boolean(required=True)
    text = fields.String(
        required=True, allow_none=True, metadata={"description": "Markdown; null until you have bought it."}
    )


class EditorialSchema(Schema):
    """The author's solution, explained."""

    text = fields.String(required=True, metadata={"description": "Markdown."})


class TranslationSchema(Schema):
    """A challenge's texts in another language; what is left out is read in the original."""

    title = Line(200, metadata={"examples": ["Die Hauptstadt Frankreichs"]})
    description = Text(50_000)
    editorial = Text(50_000)
    hints = fields.List(Text(10_000), validate=validate.Length(max=MAX_HINTS))
    texts = fields.Dict(
        keys=Text(20_000),
        values=Text(20_000),
        validate=validate.Length(max=MAX_TEXTS),
        metadata={
            "description": "Texts that the spec shows to learners, such as of options: {original: translation}."
        },
    )


def hints_field() -> fields.List:
    """The hints that an author writes."""
    return fields.List(
        Complete(HintWriteSchema),
        load_default=list,
        validate=validate.Length(max=MAX_HINTS),
        metadata={"description": "Learners buy them one after the other, in this order."},
    )


def prerequisites_field() -> fields.Dict:
    """What must be done first; its shape is checked in core.prerequisites."""
    return fields.Dict(keys=fields.String(), load_default=None, allow_none=True, metadata=TREE)


def translations_field() -> fields.Dict:
    """A challenge's texts in other languages."""
    return fields.Dict(
        keys=Locale(),
        values=Complete(TranslationSchema),
        load_default=dict,
        validate=validate.Length(max=MAX_LOCALES),
        metadata={"description": "By language tag.", "examples": [{"de": {"title": "Zwei und zwei"}}]},
    )
