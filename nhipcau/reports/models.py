"""Daily facts: one number for each indicator, unit and day, counted from the rows beneath."""

from django.db import models


class DailyFact(models.Model):
    """What an indicator counted in one unit on one day.

    Facts are stored for communes and, added up, for provinces and the nation, so that a screen
    costs the same whatever lies beneath. They can be dropped and rebuilt from the rows at any time.
    """

    unit = models.CharField(max_length=5)
    # The unit one level up: a commune's province, a province's nation, empty for the nation.
    parent = models.CharField(max_length=5, blank=True)
    day = models.DateField()
    indicator = models.CharField(max_length=30)
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "indicator"], name="reports_fact_once"),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="reports_fact_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["parent", "day"], include=["unit", "indicator", "value"], name="reports_fact_parent"
            ),
            models.Index(fields=["day"], name="reports_fact_day"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.unit} {self.day}: {self.value}"
