"""People who must be followed up: who they are, what they agreed to, and when it is erased."""
