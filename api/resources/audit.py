"""The audit log. Whoever is no admin learns nothing of it, not even that it is there."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from api.auth import current_user, learner_required
from api.blueprint import Blueprint
from api.openapi import may_answer
from api.paging import CursorArgs, cursor_page
from api.schemas.audit import AuditEntrySchema, AuditQuerySchema
from core.errors import NotFound
from core.models.audit import AuditEntry
from core.services.audit import AuditFilter, list_acts

blp = Blueprint("audit", __name__, description="Who did what with more than a learner's rights.")


class AuditArgs(CursorArgs, AuditQuerySchema):
    """The query of the audit log."""


@blp.route("/audit")
class Audit(MethodView):
    @may_answer(404)
    @learner_required
    @blp.arguments(AuditArgs, location="query")
    @blp.response(200, AuditEntrySchema(many=True))
    def get(self, args: dict[str, Any]) -> Any:
        """List privileged acts, the newest first

        For admins; others get 404. Nothing can be changed or deleted here.
        """
        if not current_user().is_admin:
            raise NotFound
        wanted = AuditFilter(args["actor"], args["act"], args["object"], args.get("since"), args.get("until"))
        rows, headers = cursor_page(list_acts(wanted), AuditEntry.id, args)
        return [row[0] for row in rows], headers
