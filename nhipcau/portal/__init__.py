"""The front page for everybody and the home page of each role: thin, built from the rooms below."""
