"""Categories: everybody reads, authors write."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask.views import MethodView

from api.auth import author_required, learner_required
from api.blueprint import Blueprint
from api.etags import check_if_match, etag_of, etagged
from api.extensions import commit, session
from api.idempotency import idempotent
from api.paging import page_of
from api.schemas.categories import CategoryQuery, CategorySchema, CategoryWriteSchema
from core.models.challenge import Category
from core.services import categories

blp = Blueprint("categories", __name__, description="The shelves that challenges stand on.")


@blp.route("/categories/")
class Categories(MethodView):
    @learner_required
    @blp.arguments(CategoryQuery, location="query")
    @blp.response(200, CategorySchema(many=True))
    def get(self, query: dict[str, Any]) -> Any:
        """List and search categories."""
        rows, headers = page_of(categories.list_categories(query.get("q"), query["sort"]), query)
        return [row[0] for row in rows], headers

    @author_required
    @idempotent
    @blp.arguments(CategoryWriteSchema)
    @blp.response(201, CategorySchema)
    def post(self, body: dict[str, Any]) -> Any:
        """Make a category."""
        category = categories.create_category(session(), **body)
        location = url_for("categories.CategoryById", category_id=category.id)
        return category, {"Location": location, "ETag": etag_of(category)}


@blp.route("/categories/<int:category_id>")
class CategoryById(MethodView):
    @learner_required
    @blp.response(200, CategorySchema)
    @etagged
    def get(self, category_id: int) -> Category:
        """Read a category."""
        return categories.get_category(session(), category_id)

    @author_required
    @blp.arguments(CategoryWriteSchema)
    @blp.response(200, CategorySchema)
    @etagged
    def put(self, body: dict[str, Any], category_id: int) -> Category:
        """Replace a category."""
        return _changed(category_id, body)

    @author_required
    @blp.arguments(CategoryWriteSchema(partial=True))
    @blp.response(200, CategorySchema)
    @etagged
    def patch(self, body: dict[str, Any], category_id: int) -> Category:
        """Change some fields of a category."""
        return _changed(category_id, body)

    @author_required
    @blp.response(204)
    @etagged
    def delete(self, category_id: int) -> None:
        """Delete a category that no challenge is in."""
        category = categories.get_category(session(), category_id)
        check_if_match(category)
        categories.delete_category(session(), category)
        commit()


def _changed(category_id: int, changes: dict[str, Any]) -> Category:
    category = categories.get_category(session(), category_id)
    check_if_match(category)
    categories.update_category(session(), category, changes)
    commit()
    return category
