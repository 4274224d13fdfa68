"""The base of every schema, and fields that are stricter than marshmallow's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

# PostgreSQL's integer.
MAX_INT = 2**31 - 1
# Only documented here: api.json_body and api.hooks refuse NUL characters wherever they are.
NO_NUL = r"^[^\u0000]*$"
LINE = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"


class Schema(ma.Schema):
    """Unknown fields are refused, so that a misspelt one is not lost in silence."""

    class Meta:
        unknown = ma.RAISE

    error_messages = {"unknown": "Unknown field; leave it out.", "type": "Must be a JSON object."}


class Text(fields.String):
    """A string of at most `size` characters, of at least `least`."""

    def __init__(self, size: int, least: int = 0, **kwargs: Any) -> None:
        kwargs["metadata"] = {"pattern": NO_NUL} | kwargs.get("metadata", {})
        super().__init__(validate=validate.Length(min=least or None, max=size), **kwargs)


class Line(Text):
    """One line of text that is not blank; the space around it is dropped."""

    def __init__(self, size: int, **kwargs: Any) -> None:
        kwargs["metadata"] = {"pattern": LINE} | kwargs.get("metadata", {})
        super().__init__(size, least=1, **kwargs)
        error = "Must be one line of text, not blank and without control characters."
        self.validators.append(validate.Regexp(LINE, error=error))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, *args, **kwargs).strip()


class Whole(fields.Integer):
    """A JSON integer from `least` to `most`: no string, no boolean, no fraction. Query parameters need strict=False."""

    def __init__(self, least: int = 0, most: int = MAX_INT, *, strict: bool = True, **kwargs: Any) -> None:
        super().__init__(strict=strict, validate=validate.Range(min=least, max=most), **kwargs)

    def _validated(self, value: Any) -> int:
        """JSON has one kind of number: 3.0 is 3."""
        return super()._validated(int(value) if isinstance(value, float) and value.is_integer() else value)


class Complete(fields.Nested):
    """A nested object that is whole also where its outer one may be sent in part, as with PATCH."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, partial: Any = None, **kwargs: Any
    ) -> Any:
        return super()._deserialize(value, attr, data, partial=False, **kwargs)


def sorting(columns: Iterable[str], default: str) -> fields.String:
    """The `sort` parameter of a list: one of `columns`, reversed by a minus sign."""
    words = [sign + column for column in columns for sign in ("", "-")]
    error = f"Must be one of {', '.join(columns)}, with - before it for the reverse."
    return fields.String(load_default=default, validate=validate.OneOf(words, error=error))


class Named(fields.Dict):
    """A JSON object of `values` by name. What is wrong with one stands under its name, not under name.value."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, *args, **kwargs)
        except ma.ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            named = {name: found.get("value") or found["key"] for name, found in error.messages.items()}
            raise ma.ValidationError(named, valid_data=error.valid_data) from None


class Flag(fields.Boolean):
    """true or false, and nothing that resembles them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise self.make_error("invalid", input=value)
