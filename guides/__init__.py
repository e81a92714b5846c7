"""The checklist engine: a guide (plain data) and a person's answers in, a checklist out.

Pure: no Django, no clock, no files. The same guides run in the field app; both evaluators pass the golden
vectors in tests/vectors/guides/.
"""

from .answers import AnswerProblem, read_answers
from .changes import Change, compare
from .checklist import Applied, Checklist, Choice, Need, canonical, checklist, localise
from .linked_data import document as linked_data
from .linked_data import public_service
from .lint import Problem, is_code, lint, lint_library, lint_text, remarks
from .logic import UNKNOWN, definite, is_dont_know, read_date
from .model import LANGUAGES, Fact, Guide, Text, UnableToReadGuide, Version, parse
from .papers import ASK, MISSING, READY, NeedCheck, PaperCheck, check_papers
from .situation import Situation, as_question, next_question, open_facts, questions
from .source import UnableToReadYaml, read_yaml, write_yaml

__all__ = [
    "ASK", "LANGUAGES", "MISSING", "READY", "UNKNOWN", "AnswerProblem", "Applied", "Change", "Checklist",
    "Choice", "Fact", "Guide", "Need", "NeedCheck", "PaperCheck", "Problem", "Situation", "Text",
    "UnableToReadGuide", "UnableToReadYaml", "Version", "as_question", "canonical", "check_papers",
    "checklist", "compare", "definite", "is_code", "is_dont_know", "linked_data", "lint", "lint_library",
    "lint_text", "localise", "next_question", "open_facts", "parse", "public_service", "questions",
    "read_answers", "read_date", "read_yaml", "remarks", "write_yaml",
]  # fmt: skip
