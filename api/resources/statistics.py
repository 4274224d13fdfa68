"""What answers say about a challenge. Reading it is no privileged act over a person, so no audit entry is made."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from api.auth import author_required, current_user
from api.blueprint import Blueprint
from api.extensions import session
from api.schemas.statistics import StatisticsQuery, StatisticsSchema
from api.statistics_report import report_statistics
from api.statistics_shape import StatisticsReport
from core.services.challenges import get_challenge

blp = Blueprint("statistics", __name__, description="What the answers of all learners say about a challenge.")


@blp.route("/challenges/<int:challenge_id>/statistics")
class ChallengeStatistics(MethodView):
    @author_required
    @blp.arguments(StatisticsQuery, location="query")
    @blp.response(200, StatisticsSchema)
    def get(self, query: dict[str, Any], challenge_id: int) -> StatisticsReport:
        """Read how difficult a revision is, how well it discriminates, and what learners answer

        Groups of fewer than 5 learners are not described: a number is null and has a reason.
        """
        challenge = get_challenge(session(), current_user(), challenge_id)
        return report_statistics(session(), challenge, query.get("revision"))
