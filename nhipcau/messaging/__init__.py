"""The outbox: what the programme tells its members, and how it reaches them."""
