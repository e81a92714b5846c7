"""The table of languages."""

from django.utils.translation import override

from nhipcau.teams.enums import languages


def test_screens_languages_come_first_and_22_others_follow() -> None:
    codes = list(languages())
    assert codes[:4] == ["vi", "en", "th", "zh"]
    assert len(codes) == 26
    assert all(len(code) == 3 for code in codes[4:])


def test_every_language_has_names_and_the_minority_ones_a_place() -> None:
    for language in languages().values():
        assert language.name_vi
        assert language.name_en
        assert language.provinces or len(language.code) == 2


def test_no_code_stands_for_two_languages() -> None:
    codes = [code for language in languages().values() for code in (language.code, *language.also)]
    assert len(codes) == len(set(codes))


def test_names_follow_the_screen_and_fall_back_to_english() -> None:
    with override("th"):
        assert languages()["vi"].name == "ภาษาเวียดนาม"
        assert languages()["kpm"].name == "K'Ho"
    with override("vi"):
        assert languages()["kpm"].name == "Tiếng K'Ho (Cơ Ho)"
