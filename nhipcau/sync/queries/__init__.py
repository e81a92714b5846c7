"""Reading phones, receipts, conflicts, and what a phone needs."""
