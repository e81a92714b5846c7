"""Everything that changes what is known of volunteers. Each function is one use case and one transaction."""

from nhipcau.volunteers.services.reference import load_qualifications as load_qualifications
