"""Every grader by kind: ours in the dict below, others through the entry point group "creathon.graders"."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points

from core.errors import ValidationFailed
from graders.base import Grader
from graders.code.batch import BatchGrader
from graders.code.function.grader import FunctionGrader
from graders.code.interactive.grader import InteractiveGrader
from graders.code.sql.grader import SqlGrader
from graders.code.unit_tests.grader import UnitTestsGrader
from graders.knowledge.catalogue import QUESTIONS
from graders.knowledge.cloze import ClozeGrader
from graders.knowledge.essay import EssayGrader
from graders.knowledge.multipart import MultipartGrader

log = logging.getLogger(__name__)

GRADERS: dict[str, Grader] = {
    grader.kind: grader
    for grader in (
        BatchGrader(),
        FunctionGrader(),
        UnitTestsGrader(),
        SqlGrader(),
        InteractiveGrader(),
        *QUESTIONS.values(),
        ClozeGrader(),
        MultipartGrader(),
        EssayGrader(),
    )
}


def grader_for(kind: str) -> Grader:
    """The grader of `kind`. Raises ValidationFailed when there is none."""
    if grader := GRADERS.get(kind):
        return grader
    raise ValidationFailed({"kind": [f"There is no kind {kind!r}. Kinds: {', '.join(sorted(GRADERS))}."]})


def load_plugins() -> None:
    """Add the graders of installed packages. A bad one is logged and skipped; ours are never replaced."""
    for point in entry_points(group="creathon.graders"):
        try:
            GRADERS.setdefault(point.name, point.load()())
        except Exception:
            log.exception("grader plugin %s could not be loaded", point.name)


load_plugins()
