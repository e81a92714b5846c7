"""The only door to the planning core: problems drawn from the database, answers as plain facts."""

from nhipcau.roster.plan.files import UnableToReadProblem as UnableToReadProblem
from nhipcau.roster.plan.files import UnableToReadResult as UnableToReadResult
from nhipcau.roster.plan.files import check_documents as check_documents
from nhipcau.roster.plan.files import solve_document as solve_document
from nhipcau.roster.plan.files import written as written
from nhipcau.roster.plan.problem import Drawn as Drawn
from nhipcau.roster.plan.problem import problem_of as problem_of
from nhipcau.roster.plan.solving import Answer as Answer
from nhipcau.roster.plan.solving import Review as Review
from nhipcau.roster.plan.solving import against as against
from nhipcau.roster.plan.solving import review as review
from nhipcau.roster.plan.solving import solve as solve
from nhipcau.roster.plan.source import Wishes as Wishes
