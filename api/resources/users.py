"""Profiles: one's own, everybody's public one, and what admins change."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from api.auth import admin_required, current_user, learner_required
from api.blueprint import Blueprint
from api.etags import check_if_match, etagged
from api.extensions import commit, session
from api.schemas.users import AccountArgs, AccountSchema, ProfileArgs, PublicUserSchema
from core.models.user import User
from core.services import accounts

blp = Blueprint("users", __name__, description="Profiles and roles.")


@blp.route("/users/me")
class Me(MethodView):
    @learner_required
    @blp.response(200, AccountSchema)
    @etagged
    def get(self) -> User:
        """Your own account."""
        return current_user()

    @learner_required
    @blp.arguments(ProfileArgs)
    @blp.response(200, AccountSchema)
    @etagged
    def patch(self, body: dict[str, Any]) -> User:
        """Change your display name or e-mail address."""
        user = accounts.lock_user(session(), current_user())
        check_if_match(user)
        accounts.update_profile(session(), user, body)
        commit()
        return user


@blp.route("/users/<string:username>")
class Profile(MethodView):
    @learner_required
    @blp.response(200, PublicUserSchema)
    @etagged
    def get(self, username: str) -> User:
        """Somebody's public profile."""
        return accounts.get_user(session(), username)

    @admin_required
    @blp.arguments(AccountArgs)
    @blp.response(200, AccountSchema)
    @etagged
    def patch(self, body: dict[str, Any], username: str) -> User:
        """Change somebody's role, or open and close their account."""
        user = accounts.lock_user(session(), accounts.get_user(session(), username))
        check_if_match(user)
        accounts.administer(session(), user, **body)
        commit()
        return user
