"""What a command is, when it was made, how long a phone may go without the server."""
