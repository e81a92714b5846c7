"""The addresses of the learning room."""

from .address import Address

CLASS = {"class_id": "@class"}
COUNTED = {**CLASS, "attendee_id": "@attendee"}

CLASSES = (
    Address("learning:classes", "leader"),
    Address("learning:classes", "province", query="which=past", label="past"),
    Address("learning:plan", "coordinator"),
    Address("learning:mine", "volunteer"),
    Address("learning:class", "leader", CLASS),
    Address("learning:class", "province", CLASS, label="hidden"),
    Address("learning:change", "leader", CLASS),
    Address("learning:count", "volunteer", CLASS),
    *(Address(f"learning:{act}", "leader", CLASS, kind="act") for act in ("cancel", "close")),
    *(Address(f"learning:{act}", "volunteer", COUNTED, kind="act") for act in ("correct", "take_back")),
)
