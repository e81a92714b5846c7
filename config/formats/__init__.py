"""How dates and numbers are written, by language. Day before month everywhere, never the other way."""
