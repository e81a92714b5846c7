"""Places: administrative units with their history, old addresses made new, service points and hours."""
