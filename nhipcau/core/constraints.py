"""Constraints that tables of several rooms share."""

from django.db import models
from django.db.models import Q


def known(field: str, choices: type[models.Choices]) -> models.CheckConstraint:
    """The database too refuses a value outside the vocabulary."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_known", condition=Q(**{f"{field}__in": choices.values})
    )
