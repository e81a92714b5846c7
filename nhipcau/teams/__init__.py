"""Who takes part: members, teams, campaigns, skills, languages, and roles granted on a place."""
