"""How a guide comes to be: drafts, a second reader, publishing, recordings; never a file edited by hand."""
