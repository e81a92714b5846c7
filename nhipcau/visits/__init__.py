"""Home visits: who goes where and when, and what came of it; for the office and for the phone."""
