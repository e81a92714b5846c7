"""Reading sign-ups, waiting lines, questions and what the rules need to know, by subject."""
