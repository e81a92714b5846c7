"""What a public procedure needs of this person - papers, fees, times, places - as guides, lists and search."""
