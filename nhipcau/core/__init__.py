"""Ground floor: what every room may stand on. No tables."""
