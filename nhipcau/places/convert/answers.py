"""What the converter answers: a status, candidates, and for each a reason in plain words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nhipcau.places.convert.gazetteer import Place

LANGUAGES = ("vi", "en", "th")


class Status(StrEnum):
    """`partial`: only a part of the address could be placed. `ambiguous`: several places are possible."""

    OK = "ok"
    AMBIGUOUS = "ambiguous"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"


class Reason(StrEnum):
    """Why a unit is a candidate; the codes never change once published."""

    CURRENT_UNIT = "current_unit"
    WHOLE_UNIT_MERGED = "whole_unit_merged"
    UNCHANGED = "unchanged"
    WHOLE_POPULATION = "whole_population"
    PART_OF_UNIT = "part_of_unit"
    AREA_ONLY = "area_only"
    IN_DISTRICT = "in_district"
    PROVINCE = "province"
    PROVINCE_MERGED = "province_merged"


# {was}: the former unit with its district; {unit}: the candidate.
_SENTENCES: dict[Reason, dict[str, str]] = {
    Reason.CURRENT_UNIT: {
        "vi": "{unit} là tên đơn vị hiện nay.",
        "en": "{unit} is the name of a unit of today.",
        "th": "{unit} เป็นชื่อหน่วยปกครองในปัจจุบัน",
    },
    Reason.WHOLE_UNIT_MERGED: {
        "vi": "Toàn bộ {was} nay thuộc {unit}.",
        "en": "All of {was} is now in {unit}.",
        "th": "{was} ทั้งหมดอยู่ใน {unit} แล้ว",
    },
    Reason.UNCHANGED: {
        "vi": "{was} giữ nguyên, nay là {unit}.",
        "en": "{was} was kept as it was; it is now {unit}.",
        "th": "{was} คงเดิม ปัจจุบันคือ {unit}",
    },
    Reason.WHOLE_POPULATION: {
        "vi": "Toàn bộ dân cư của {was} nay thuộc {unit}.",
        "en": "All people of {was} now belong to {unit}.",
        "th": "ประชากรทั้งหมดของ {was} อยู่ใน {unit} แล้ว",
    },
    Reason.PART_OF_UNIT: {
        "vi": "Một phần của {was} nay thuộc {unit}. Hãy hỏi lại thôn, tổ hoặc đường.",
        "en": "A part of {was} is now in {unit}. Ask for the hamlet or the street.",
        "th": "บางส่วนของ {was} อยู่ใน {unit} แล้ว โปรดสอบถามหมู่บ้านหรือถนน",
    },
    Reason.AREA_ONLY: {
        "vi": "Chỉ một phần đất của {was} nay thuộc {unit}.",
        "en": "Only a part of the land of {was} is now in {unit}.",
        "th": "เฉพาะที่ดินบางส่วนของ {was} อยู่ใน {unit} แล้ว",
    },
    Reason.IN_DISTRICT: {
        "vi": "{unit} có phần đất của {was} cũ. Hãy cho biết tên xã, phường cũ.",
        "en": "{unit} holds a part of the former {was}. Tell us the name of the former commune.",
        "th": "{unit} มีพื้นที่ส่วนหนึ่งของ {was} เดิม โปรดแจ้งชื่อตำบลเดิม",
    },
    Reason.PROVINCE: {
        "vi": "Chỉ tìm thấy tên tỉnh, thành phố. Hãy cho biết thêm tên xã, phường.",
        "en": "Only the province was found. Tell us the name of the commune too.",
        "th": "พบเพียงชื่อจังหวัด โปรดแจ้งชื่อตำบลด้วย",
    },
    Reason.PROVINCE_MERGED: {
        "vi": "{was} cũ nay thuộc {unit}. Hãy cho biết thêm tên xã, phường.",
        "en": "The former {was} is now in {unit}. Tell us the name of the commune too.",
        "th": "{was} เดิมอยู่ใน {unit} แล้ว โปรดแจ้งชื่อตำบลด้วย",
    },
}


class Remark(StrEnum):
    """What the person should know about how the text was read."""

    DISTRICT_DIFFERS = "district_differs"
    PROVINCE_DIFFERS = "province_differs"
    KIND_DIFFERS = "kind_differs"
    CLOSE_SPELLING = "close_spelling"
    TOO_LONG = "too_long"


_REMARKS: dict[Remark, dict[str, str]] = {
    Remark.DISTRICT_DIFFERS: {
        "vi": "Quận, huyện ghi trong địa chỉ không có xã, phường tên này.",
        "en": "The district in the address has no commune of this name.",
        "th": "อำเภอในที่อยู่ไม่มีตำบลชื่อนี้",
    },
    Remark.PROVINCE_DIFFERS: {
        "vi": "Tỉnh, thành phố ghi trong địa chỉ không có nơi này.",
        "en": "The province in the address has no such place.",
        "th": "จังหวัดในที่อยู่ไม่มีสถานที่นี้",
    },
    Remark.KIND_DIFFERS: {
        "vi": "Địa chỉ ghi loại đơn vị khác (xã, phường, thị trấn).",
        "en": "The address names another kind of unit (commune, ward, township).",
        "th": "ที่อยู่ระบุประเภทหน่วยปกครองต่างออกไป",
    },
    Remark.CLOSE_SPELLING: {
        "vi": "Tên viết gần giống, hãy kiểm tra lại.",
        "en": "The name is spelled almost the same; please check.",
        "th": "ชื่อสะกดใกล้เคียง โปรดตรวจสอบ",
    },
    Remark.TOO_LONG: {
        "vi": "Nội dung quá dài để là một địa chỉ.",
        "en": "The text is too long to be an address.",
        "th": "ข้อความยาวเกินไปสำหรับที่อยู่",
    },
}


def _inside_sentence(name: str) -> str:
    """In running text the word of the kind is written small: "xã Lạc Dương"."""
    return name[:1].lower() + name[1:]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A present unit the address may mean; `former` is the old unit it comes from, if any."""

    code: str
    name: str
    full_name: str
    province_code: str
    province: str
    reason: Reason
    former_code: str = ""
    former: str = ""
    remark: Remark | None = None

    def why(self, language: str = "vi") -> str:
        """One short sentence, with the remark behind it."""
        sentence = _SENTENCES[self.reason][language].format(
            unit=_inside_sentence(self.full_name), was=_inside_sentence(self.former)
        )
        sentence = sentence[0].upper() + sentence[1:]
        return f"{sentence} {_REMARKS[self.remark][language]}" if self.remark else sentence

    def as_dict(self, language: str = "vi") -> dict[str, Any]:
        """The published shape."""
        return {
            "code": self.code,
            "name": self.name,
            "full_name": self.full_name,
            "province_code": self.province_code,
            "province": self.province,
            "reason": self.reason.value,
            "why": self.why(language),
            "former_code": self.former_code,
            "former": self.former,
            "remark": self.remark.value if self.remark else "",
        }


@dataclass(frozen=True, slots=True)
class Conversion:
    """The answer for one text: the best candidates first."""

    status: Status
    candidates: tuple[Candidate, ...] = ()
    remark: Remark | None = None

    def note(self, language: str = "vi") -> str:
        """A sentence about the text as a whole, or nothing."""
        return _REMARKS[self.remark][language] if self.remark else ""

    def as_dict(self, language: str = "vi") -> dict[str, Any]:
        """The published shape."""
        return {
            "status": self.status.value,
            "note": self.note(language),
            "candidates": [candidate.as_dict(language) for candidate in self.candidates],
        }


def candidate(
    place: Place, reason: Reason, *, former_code: str = "", former: str = "", remark: Remark | None = None
) -> Candidate:
    """A candidate for a present commune."""
    return Candidate(
        code=place.code,
        name=place.name,
        full_name=place.full_name,
        province_code=place.province.code,
        province=place.province.full_name,
        reason=reason,
        former_code=former_code,
        former=former,
        remark=remark,
    )
