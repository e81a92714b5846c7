"""Everything that changes phones and the keys of provinces; each one transaction."""
