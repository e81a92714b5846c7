"""Proposed rosters: asking for them and working them out, changing them by hand, publishing them."""
