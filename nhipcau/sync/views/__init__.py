"""The pages of the field app and of those who look after its phones."""
