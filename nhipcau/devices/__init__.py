"""Phones that members sign in: their keys and leases, who looks after them, shutting one from afar."""
