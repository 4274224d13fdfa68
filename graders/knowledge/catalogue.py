"""The kinds that ask one question: each stands alone, or as a part of `multipart`."""

from __future__ import annotations

from graders.knowledge.choice import ChoiceGrader
from graders.knowledge.matching import MatchingGrader
from graders.knowledge.numeric import NumericGrader
from graders.knowledge.ordering import OrderingGrader
from graders.knowledge.output_prediction import OutputPredictionGrader
from graders.knowledge.parsons import ParsonsGrader
from graders.knowledge.question import QuestionGrader
from graders.knowledge.text import TextGrader
from graders.knowledge.true_false import TrueFalseGrader

QUESTIONS: dict[str, QuestionGrader] = {
    grader.kind: grader
    for grader in (
        ChoiceGrader(),
        TrueFalseGrader(),
        TextGrader(),
        NumericGrader(),
        OrderingGrader(),
        MatchingGrader(),
        ParsonsGrader(),
        OutputPredictionGrader(),
    )
}
