"""Reading posts, shifts, sign-ups and proposals, by subject."""
