"""Who serves: signing up, being put on, giving up, standing in, waiting in line."""
