"""In which language the reader wants texts, and telling them which one they got."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, after_this_request, request


def wanted(lang: str | None) -> tuple[str, ...]:
    """Language ranges, the best first: `lang` alone where it was given, else those of Accept-Language."""
    if lang:
        return (lang,)
    return tuple(tag for tag, quality in request.accept_languages if quality > 0 and tag != "*")


def answer_in(locales: Iterable[str]) -> None:
    """Say in the answer's headers that its texts are in these languages, and that it depends on Accept-Language."""
    listed = ", ".join(sorted(set(locales)))

    @after_this_request
    def tell(response: Response) -> Response:
        response.vary.add("Accept-Language")
        if listed and response.status_code < 400:
            response.headers["Content-Language"] = listed
        return response
