"""What a guide consists of, where in it something stands, its conditions, and who may do what to a draft."""
