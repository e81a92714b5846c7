"""Management of the procedures room."""
