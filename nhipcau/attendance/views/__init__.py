"""The pages of the room, by who looks at them."""
