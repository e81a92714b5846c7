"""What the state offers: records of the national catalogue as imported, and search in people's own words."""
