"""What a public procedure asks of a person (papers, fees, times, places): guides, questions, lists."""
