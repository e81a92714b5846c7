"""Help given at the reception, and cases followed to their end."""
