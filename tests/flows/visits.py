"""The addresses of home visits, each with its opener."""

from .address import Address

VISIT = {"visit_id": "@visit"}
VISITED = {"visit_id": "@visited"}
VISITS = (
    Address("visits:visits", "leader"),
    Address("visits:visits", "official", query="day=@visit_day", label="day"),
    Address("visits:mine", "volunteer"),
    Address("visits:plan", "leader"),
    Address("visits:plan", "coordinator", query="case=@case", label="case"),
    Address("visits:visit", "volunteer", VISIT),
    Address("visits:visit", "leader", VISITED, label="result"),
    Address("visits:visit", "official", VISIT, label="official"),
    Address("visits:change", "leader", VISIT),
    Address("visits:cancel", "leader", VISIT),
    Address("visits:result", "volunteer", VISIT),
    Address("visits:result", "volunteer", VISITED, label="correct"),
)
