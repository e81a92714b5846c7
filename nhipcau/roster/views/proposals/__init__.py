"""Pages of proposed rosters: asking, looking, changing, publishing."""
