"""Who takes part: members, teams, campaigns, languages, and roles granted on a place."""
