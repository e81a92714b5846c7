"""Settings of this room's tests."""

from hypothesis import settings

# A machine busy with the rest of the tests is no fault of the engine: speed has its own test.
settings.register_profile("guides", deadline=None)
settings.load_profile("guides")
