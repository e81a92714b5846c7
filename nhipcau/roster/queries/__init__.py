"""Reading posts, shifts, sign-ups and proposals, by subject."""

from nhipcau.roster.queries.facts import member_facts as member_facts
from nhipcau.roster.rules.eligibility import MemberFacts as MemberFacts
