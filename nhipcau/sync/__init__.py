"""The field app's protocol: a day's work comes in as commands, what a volunteer needs goes out as a pack."""
