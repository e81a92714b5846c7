"""Schema history of the places room."""
