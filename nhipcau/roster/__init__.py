"""Posts, shifts, sign-ups and the rosters proposed for them."""
