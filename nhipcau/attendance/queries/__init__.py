"""Reading shifts as they happen, hours, certificates, calendars and boards, by subject."""
