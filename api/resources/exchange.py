"""Challenges from files and into files; authors only, for they hold the keys."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Response, request
from flask.views import MethodView
from werkzeug.exceptions import UnsupportedMediaType

from api.auth import author_required, current_user
from api.blueprint import Blueprint
from api.bodies import import_body, read_body
from api.content_store import Line, Saving, save_content
from api.extensions import commit, session
from api.idempotency import idempotent
from api.openapi import may_answer
from api.schemas.exchange import NAMES, ExportQuery, ImportQuery, ImportReportSchema
from core.content import CategoryContent, Content, Problem
from core.errors import ValidationFailed
from core.exchange.formats import MEDIA_TYPES, Export, Format, Given, placed_in, read_given, write
from core.exchange.slugs import slug_of
from core.services.audit import Act, record_act
from core.services.categories import get_category
from core.services.exports import Wanted, content_of, find_wanted

MULTIPART = "multipart/form-data"
# What a raw body may call itself, and the format that this says.
RAW: dict[str, Format | None] = {
    "application/zip": None,
    "application/x-zip-compressed": None,
    "application/octet-stream": None,
    "text/plain": None,
    "text/csv": Format.CSV,
    "application/jsonl": Format.JSONL,
    "application/x-ndjson": Format.JSONL,
}
OMITTED = "X-Not-Exported"
OMITTED_MAX = 4_000
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
BODY = {"required": True, "content": {MULTIPART: {"schema": FILE}, **dict.fromkeys(RAW, BINARY)}}
WRITTEN = {
    "description": "The file.",
    "content": dict.fromkeys(sorted(set(MEDIA_TYPES.values())), BINARY),
    "headers": {
        "Content-Disposition": {"description": "attachment, with a file name", "schema": {"type": "string"}},
        OMITTED: {
            "description": "The slugs of challenges that the format cannot express, if there are any.",
            "schema": {"type": "string"},
        },
    },
}

blp = Blueprint("exchange", __name__, description="Challenges from other systems, and into them.")


@blp.route("/imports")
class Imports(MethodView):
    @author_required
    @blp.doc(requestBody=BODY)
    @blp.arguments(ImportQuery, location="query")
    @may_answer(400, 404, 413, 415)
    @import_body
    @idempotent
    @blp.response(200, ImportReportSchema)
    def post(self, query: dict[str, Any]) -> dict[str, Any]:
        """Import challenges from a file

        A zip of folders, a Kattis package, a GIFT quiz, a sheet of questions (CSV) or HumanEval's JSON Lines, of at
        most 32 MB, as the field `file` of a form or as the body itself. Each item is taken wholly or not at all, and
        the report says why not. Sent again, it updates what changed.
        """
        found = _placed(read_given(_given(query)), query.get("category_id"))
        items = list(save_content(found, Saving(current_user())))
        report = _report(items, query["dry_run"])
        if query["dry_run"]:
            session().rollback()
            session().info.pop("outbox", None)
        else:
            record_act(session(), Act("content.imported", "content", None, report["counts"]))
        return report


@blp.route("/exports")
class Exports(MethodView):
    @author_required
    @may_answer(404)
    @blp.doc(responses={"200": WRITTEN})
    @blp.arguments(ExportQuery, location="query")
    def get(self, query: dict[str, Any]) -> Response:
        """Export challenges to a file

        All of them, or those named. What the format cannot express is named in `X-Not-Exported`; when nothing can be
        written, 422 says why.
        """
        format = NAMES[query["format"]]
        found = find_wanted(session(), Wanted(query["challenge"], query["category"]))
        stored = content_of(session(), found)
        written = write(format, stored.categories, stored.challenges)
        problems = [*stored.problems, *written.problems]
        if not written.files:
            raise ValidationFailed(_errors(problems) or {"challenge": ["There is nothing to export."]})
        details = {"format": query["format"], "count": len(found) - len(problems)}
        record_act(session(), Act("content.exported", "content", None, details))
        commit()
        return _attachment(written, problems)


def _given(query: dict[str, Any]) -> Given:
    """What was sent. Raises UnsupportedMediaType, RequestEntityTooLarge, ValidationFailed."""
    said = NAMES.get(query.get("format", ""))
    if request.mimetype == MULTIPART:
        read_body()
        upload = request.files.get("file")
        if upload is None:
            raise ValidationFailed({"file": ["Is missing; send the file in the field file."]})
        name = "".join(sign for sign in upload.filename or "" if sign.isprintable())
        return Given(upload.read(), name[-200:], said)
    if request.mimetype not in RAW:
        raise UnsupportedMediaType(f"Send {MULTIPART}, or one of {', '.join(RAW)}.")
    data = read_body()
    if not data:
        raise ValidationFailed({"body": ["Is missing; send a file."]})
    return Given(data, "", said or RAW[request.mimetype])


def _placed(found: Content, category_id: int | None) -> Content:
    if category_id is None:
        return found
    category = get_category(session(), category_id)
    return placed_in(found, CategoryContent(slug_of(category.name), category.name, None))


def _report(items: list[Line], dry_run: bool) -> dict[str, Any]:
    counts = Counter(line.outcome.value for line in items)
    shown = [
        {
            "outcome": line.outcome,
            "item": line.item,
            "message": line.message,
            "challenge_id": None if dry_run and line.outcome == "imported" else line.challenge_id,
        }
        for line in items
    ]
    return {"dry_run": dry_run, "counts": dict(counts), "items": shown}


def _errors(problems: list[Problem]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for problem in problems[:50]:
        errors.setdefault(problem.file, []).append(": ".join(filter(None, (problem.key, problem.message))))
    return errors


def _attachment(written: Export, problems: list[Problem]) -> Response:
    response = Response(written.data, mimetype=MEDIA_TYPES[written.format])
    response.headers["Content-Disposition"] = f'attachment; filename="{written.file_name}"'
    if problems:
        names = ", ".join(problem.file for problem in problems)
        response.headers[OMITTED] = names if len(names) <= OMITTED_MAX else f"{names[:OMITTED_MAX]}, ..."
    return response
