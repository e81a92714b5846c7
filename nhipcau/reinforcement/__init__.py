"""A team asks for help; the province sees need against cover and sends people; both sides confirm."""
