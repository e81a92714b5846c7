"""Who really came and for how long: check-in, measured hours, approval, certificates, calendars, boards."""
