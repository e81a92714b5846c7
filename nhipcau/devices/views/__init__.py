"""A phone is signed in; people look after the phones of their places."""
