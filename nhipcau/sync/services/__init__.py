"""Everything that changes phones, receipts and conflicts; each one transaction."""
