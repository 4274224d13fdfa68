"""Categories: the shelves that challenges stand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import AlreadyExists, Conflict, NotFound
from core.models.challenge import Category
from core.services.audit import Act, record_act

SORTS: Mapping[str, ColumnElement[Any]] = {
    "id": Category.id.expression,
    "name": func.lower(Category.name),
    "created_at": Category.created_at.expression,
}


def list_categories(q: str | None = None, sort: str = "name") -> Select[Category]:
    """The categories whose name or description contains `q`, in the order of `sort` (one of SORTS, "-" reverses)."""
    query = select(Category)
    if q:
        found = or_(
            Category.name.icontains(q, autoescape=True), Category.description.icontains(q, autoescape=True)
        )
        query = query.where(found)
    column = SORTS[sort.removeprefix("-")]
    return query.order_by(column.desc() if sort.startswith("-") else column, Category.id)


def get_category(session: Session, category_id: int) -> Category:
    """Raises NotFound."""
    if category := session.scalar(select(Category).where(Category.id == category_id)):
        return category
    raise NotFound


def find_category(session: Session, name: str) -> Category | None:
    """The category of this name, whatever its case."""
    return session.scalar(select(Category).where(func.lower(Category.name) == func.lower(name)))


def create_category(session: Session, name: str, description: str = "") -> Category:
    """Raises AlreadyExists."""
    category = Category(name=name, description=description)
    session.add(category)
    _flush(session)
    record_act(session, Act("category.created", "category", category.id, {"name": name}))
    return category


def update_category(session: Session, category: Category, changes: Mapping[str, str]) -> bool:
    """Change what differs in `changes` (name, description), and tell whether anything did. Raises AlreadyExists."""
    new = {field: value for field, value in changes.items() if getattr(category, field) != value}
    for field, value in new.items():
        setattr(category, field, value)
    _flush(session)
    if new:
        record_act(session, Act("category.updated", "category", category.id, {"fields": sorted(new)}))
    return bool(new)


def delete_category(session: Session, category: Category) -> None:
    """Raises Conflict while challenges are in it."""
    session.delete(category)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("There are challenges in this category; move or delete them first.") from error
    record_act(session, Act("category.deleted", "category", category.id, {"name": category.name}))


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyExists("There is a category of this name already.") from error
