"""What papers, fees, times and places a public procedure needs, for this person: guides, checklists, search."""
