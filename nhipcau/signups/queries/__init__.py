"""Reading posts, shifts, sign-ups and proposals, by subject."""

from nhipcau.signups.queries.facts import member_facts as member_facts
from nhipcau.signups.rules.eligibility import MemberFacts as MemberFacts
