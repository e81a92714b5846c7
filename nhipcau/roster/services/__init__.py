"""Everything that changes posts, shifts, sign-ups and proposals, by use case; each one transaction."""
