"""Posts where people serve, by which rules, and the dated shifts made of them."""
