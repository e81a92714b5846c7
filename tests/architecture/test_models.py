"""Tables: foreign keys point down the tower; personal data is encrypted, placed, and has an end."""

from django.apps import apps
from django.db.models import CharField, ForeignKey, ManyToManyField, Model, TextField

from nhipcau.core.crypto import EncryptedTextField

from .house import FLOORS

# Columns whose name says that they hold something of a citizen.
PERSONAL_NAMES = {"name", "full_name", "phone", "email", "address", "note", "token"}
# Rooms in which a text column with such a name is about a citizen.
CITIZEN_ROOMS = {"citizens", "cases"}
FORBIDDEN = (
    "password", "otp", "passcode", "pin_code", "id_number", "citizen_id_image", "id_image",
    "ethnic", "religion", "birth_date", "date_of_birth",
)  # fmt: skip


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("nhipcau.")]


def room(model: type[Model]) -> str:
    return model.__module__.split(".")[1]


def test_foreign_keys_point_down_the_tower() -> None:
    wrong = []
    for model in our_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField) and field.related_model:
                target = field.related_model
                if not target.__module__.startswith("nhipcau.") or room(target) == room(model):
                    continue
                if FLOORS[room(target)] >= FLOORS[room(model)]:
                    wrong.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert wrong == []


def test_what_is_about_a_citizen_is_encrypted() -> None:
    clear = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        if room(model) in CITIZEN_ROOMS
        for field in model._meta.fields
        if field.name in PERSONAL_NAMES
        and isinstance(field, CharField | TextField)
        and not isinstance(field, EncryptedTextField)
    ]
    assert clear == []


def test_personal_data_has_a_place_and_an_end() -> None:
    """A model with an encrypted field names its place (`unit_path`) and its `retention`."""
    loose = [
        model.__name__
        for model in our_models()
        if any(isinstance(field, EncryptedTextField) for field in model._meta.fields)
        and not (getattr(model, "unit_path", "") and getattr(model, "retention", ""))
    ]
    assert loose == []


def test_nothing_takes_a_secret_or_an_image_of_an_id() -> None:
    """The only password column is the hash that signs our own members in."""
    found = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in model._meta.fields
        if any(word in field.name for word in FORBIDDEN)
    ]
    assert found == ["Member.password"]
