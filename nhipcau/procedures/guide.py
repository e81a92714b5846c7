"""The door to the engine of guides, the pure package `guides`: a guide and answers in, a checklist out."""

from guides import *  # noqa: F403 - the whole of it, and nothing of its inside
