"""One named address of the product with a sample: who opens it and what stands in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.urls import reverse

# page: one that a person looks at. sends: goes on to another page. file: JSON or PDF. act: POST only.
# shut: closed to everybody, because accounts are made by those who run the teams and there is no e-mail.
Kind = Literal["page", "sends", "file", "act", "shut"]


@dataclass(frozen=True)
class Address:
    """One named address. A value that begins with @ is looked up in the samples of the database."""

    name: str
    opener: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    kind: Kind = "page"
    label: str = ""
    # A screen on a wall speaks the language it was made in, unless its address asks for another.
    own_language: bool = False

    def __str__(self) -> str:
        return f"{self.name}-{self.label}" if self.label else self.name

    def path(self, samples: Mapping[str, str]) -> str:
        """The address without its query."""
        values = {
            key: samples[value[1:]] if value.startswith("@") else value for key, value in self.values.items()
        }
        return reverse(self.name, kwargs=values)

    def url(self, samples: Mapping[str, str]) -> str:
        """The address with its query."""
        query = re.sub(r"@(\w+)", lambda found: samples[found[1]], self.query)
        return f"{self.path(samples)}?{query}" if query else self.path(samples)
