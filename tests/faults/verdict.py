"""What came of a run under one fault: told to the page that is published, and held against nothing at all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.depth import WHOLE

# Operations of each fault: the published page is made of whole runs, every other run is a look.
LEAST_OPERATIONS = 200 if WHOLE else 60
BROWSER_OPERATIONS = 200 if WHOLE else 24
PROPERTY = "sync_fault"
Record = Callable[[str, object], None]


@dataclass
class Verdict:
    """`lost`: said and nowhere; `doubled`: there more than once or though it must not be; `silent`: something
    else came of it and nobody was told, or something was claimed that is not so."""

    lost: int = 0
    doubled: int = 0
    silent: int = 0
    # What it was, for whoever reads a run that failed.
    why: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, lost: Iterable[object], doubled: Iterable[object], silent: Iterable[object]) -> "Verdict":
        """As many as are named."""
        named = {"lost": list(lost), "doubled": list(doubled), "silent": list(silent)}
        why = [f"{kind}: {what}" for kind, found in named.items() for what in found]
        return cls(*(len(found) for found in named.values()), why)

    def __iadd__(self, other: "Verdict") -> "Verdict":
        self.lost += other.lost
        self.doubled += other.doubled
        self.silent += other.silent
        self.why += other.why
        return self

    def tell(self, record: Record, *, half: str, fault: str, operations: int, seed: int) -> None:
        """For the page; then nothing of it may be."""
        found = {"lost": self.lost, "doubled": self.doubled, "silent": self.silent}
        row = {"half": half, "fault": str(fault), "operations": operations, "seed": seed, **found}
        record(PROPERTY, row)
        assert set(found.values()) == {0}, (row, self.why)
