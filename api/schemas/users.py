"""Accounts as clients send and see them."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from api.schemas.base import Flag, Line, Schema, Text
from core.services.accounts import EMAIL, USERNAME
from core.words import Role

LOGIN = {"description": "Your user name or e-mail address.", "examples": ["ada"]}
SECRET = {"format": "password", "examples": ["correct horse battery"]}


def _username(**kwargs: Any) -> fields.String:
    error = "Must have 3 to 32 characters: letters, digits, _ . -, and begin with a letter or a digit."
    return fields.String(validate=validate.Regexp(f"^{USERNAME.pattern}$", error=error), **kwargs)


def _email(**kwargs: Any) -> fields.String:
    shape = validate.Regexp(f"^{EMAIL.pattern}$", error="Not a valid e-mail address.")
    return fields.String(validate=[validate.Length(max=254), shape], **kwargs)


class PublicUserSchema(Schema):
    """What everybody may know of a user."""

    username = fields.String(required=True)
    display_name = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    created_at = fields.AwareDateTime(required=True)


class AccountSchema(PublicUserSchema):
    """What users see of their own account, and admins of any."""

    id = fields.Integer(required=True)
    email = fields.String(required=True)
    is_active = fields.Boolean(required=True)


class LogInSchema(Schema):
    """Tokens: the access token goes into `Authorization: Bearer`, the refresh token is used once."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.String(required=True, metadata={"enum": ["bearer"]})
    expires_in = fields.Integer(
        required=True, metadata={"description": "Seconds that the access token lives."}
    )
    user = fields.Nested(AccountSchema, required=True)


class RegisterArgs(Schema):
    username = _username(required=True, metadata={"examples": ["ada"]})
    email = _email(required=True, metadata={"examples": ["ada@example.org"]})
    password = Text(128, least=8, required=True, metadata=SECRET)
    display_name = Line(64, metadata={"examples": ["Ada Lovelace"]})


class LoginArgs(Schema):
    login = Text(254, least=1, required=True, metadata=LOGIN)
    password = Text(128, least=1, required=True, metadata=SECRET)


class RefreshArgs(Schema):
    refresh_token = Text(
        2048, least=1, metadata={"description": "Left out when it is sent as the bearer token."}
    )


class PasswordArgs(Schema):
    current_password = Text(128, least=1, required=True, metadata=SECRET)
    new_password = Text(128, least=8, required=True, metadata=SECRET)


class ProfileArgs(Schema):
    display_name = Line(64, metadata={"examples": ["Ada Lovelace"]})
    email = _email(metadata={"examples": ["ada@example.org"]})


class AccountArgs(Schema):
    """What an admin may change of an account."""

    role = fields.Enum(Role, by_value=True)
    is_active = Flag()
