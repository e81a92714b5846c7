"""Pages for officials: the list of guides, a draft and its parts, conditions, second reader, publishing."""

from nhipcau.authoring.views.conditions import condition
from nhipcau.authoring.views.drafts import discard, draft, try_answers
from nhipcau.authoring.views.entries import entry, move, remove
from nhipcau.authoring.views.finishing import approve, changes, publish, send_back
from nhipcau.authoring.views.guides import confirm, guide, guides, new_guide, start, withdraw
from nhipcau.authoring.views.recordings import (
    approve_recording,
    recording_sound,
    recordings,
    withdraw_recording,
)

__all__ = [
    "approve",
    "approve_recording",
    "changes",
    "condition",
    "confirm",
    "discard",
    "draft",
    "entry",
    "guide",
    "guides",
    "move",
    "new_guide",
    "publish",
    "recording_sound",
    "recordings",
    "remove",
    "send_back",
    "start",
    "try_answers",
    "withdraw",
    "withdraw_recording",
]  # fmt: skip
