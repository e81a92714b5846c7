"""Scopes add up and never cover more than what was given."""

from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core.scope import NATION, Scope

provinces = st.sampled_from(["01", "66", "68"])
communes = st.sampled_from(["00004", "24846", "24848"])
scopes = st.builds(Scope, st.booleans(), st.frozensets(provinces), st.frozensets(communes))


@given(scopes, scopes, communes, provinces)
def test_a_union_covers_what_either_covers(a: Scope, b: Scope, commune: str, province: str) -> None:
    either = a.covers(commune=commune, province=province) or b.covers(commune=commune, province=province)
    assert (a | b).covers(commune=commune, province=province) == either


@given(communes, provinces)
def test_the_empty_scope_covers_nothing(commune: str, province: str) -> None:
    assert not Scope()
    assert not Scope().covers(commune=commune, province=province)
    assert not Scope().covers_unit(commune, province)
    assert not Scope().covers_unit(NATION)


def test_a_commune_does_not_open_its_province() -> None:
    scope = Scope(communes=frozenset({"24848"}))
    assert scope.covers_unit("24848", "68")
    assert not scope.covers_unit("24846", "68")
    assert not scope.covers_unit("68")
    assert not scope.covers_unit(NATION)
