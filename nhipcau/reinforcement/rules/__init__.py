"""What may follow what, who is a good candidate, and where a place stands on the map."""
