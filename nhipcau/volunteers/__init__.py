"""What a member can do and when: qualifications, availability, limits, guardian's consent, badge."""
