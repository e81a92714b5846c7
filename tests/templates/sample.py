"""Sample data for the style guide: every component in every state. All of it is fictional."""

from typing import Any

from django import forms
from django.core.paginator import Paginator

from nhipcau.core.documents import qr_svg


class SampleForm(forms.Form):
    """One field of every kind that our forms use."""

    need = forms.ChoiceField(
        label="Bà con cần giúp việc gì?",
        choices=[("id", "Căn cước"), ("birth", "Khai sinh"), ("licence", "Giấy phép lái xe")],
        widget=forms.RadioSelect(attrs={"class": "nc-tiles"}),
    )
    alone = forms.ChoiceField(
        label="Bà con tự làm được bao nhiêu?",
        help_text="Chọn một.",
        choices=[("most", "Tự làm gần hết"), ("half", "Làm cùng nhau")],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="Họ và tên", help_text="Như trên căn cước.", max_length=80)
    phone = forms.CharField(label="Số điện thoại", widget=forms.TelInput, required=False)
    minutes = forms.IntegerField(label="Số phút", min_value=1)
    day = forms.DateField(label="Ngày", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    language = forms.ChoiceField(
        label="Tiếng nào dễ hiểu?", choices=[("vi", "Tiếng Việt"), ("kho", "Tiếng K’Ho")]
    )
    languages = forms.MultipleChoiceField(
        label="Tiếng bạn nói được",
        choices=[("vi", "Tiếng Việt"), ("kho", "Tiếng K’Ho")],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "nc-tiles"}),
        required=False,
    )
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    consent = forms.BooleanField(label="Bà con đồng ý cho giữ tên và số điện thoại đến khi việc xong.")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def sample() -> dict[str, Any]:
    """What templates/styleguide.html shows."""
    return {**_places_and_cards(), **_states(), **_numbers(), **_papers()}


def _places_and_cards() -> dict[str, Any]:
    return {
        "path": [
            {"label": "Việt Nam", "url": "#"},
            {"label": "Lâm Đồng", "url": "#"},
            {"label": "Xã Lạc Dương"},
        ],
        "question": "Bà con cần giúp việc gì?",
        "asked": SampleForm(prefix="step")["name"],
        "search_label": "Gõ việc cần làm",
        "search_hint": "Ví dụ: làm lại bằng lái bị mất",
        "cards": [
            {"title": "Cần mang giấy tờ gì?", "text": "Danh sách đúng ngay lần đầu.", "icon": "paper"},
            {"title": "Xã tôi nay ở đâu?", "text": "Tìm xã, phường mới.", "icon": "map"},
            {"title": "Theo dõi việc của tôi", "text": "Dùng mã trên thẻ.", "icon": "card"},
        ],
    }


def _states() -> dict[str, Any]:
    return {
        "notices": [
            {"text": "Trung tâm mở cửa lại lúc 13:30."},
            {"tone": "good", "title": "Đã ghi lại", "text": "Lượt hỗ trợ đã được lưu."},
            {"tone": "warn", "text": "Không đọc mã OTP cho bất kỳ ai, kể cả tình nguyện viên."},
            {"tone": "bad", "text": "Chưa gửi được. Hãy thử lại."},
        ],
        "tags": [
            {"text": "Đang làm"},
            {"text": "Mới", "tone": "neutral"},
            {"text": "Xong", "tone": "good"},
            {"text": "Chờ bổ sung", "tone": "warn"},
            {"text": "Bị trả lại", "tone": "bad"},
        ],
    }


def _numbers() -> dict[str, Any]:
    return {
        "segments": [
            {"label": "Hôm nay", "url": "#"},
            {"label": "Tuần này", "url": "#", "current": True},
            {"label": "Tháng này", "url": "#"},
        ],
        "figures": [
            {
                "label": "Người được hỗ trợ",
                "value": "1.240",
                "unit": "người",
                "url": "#",
                "trend": "0,32 50,20 100,6",
            },
            {"label": "Hài lòng", "value": "4,6", "unit": "/ 5", "url": "#", "note": "120 người chấm"},
            {"label": "Lớp học", "value": "18", "url": "#", "by_hand": True},
        ],
        "bars": [
            {"label": "Phường Xuân Hương - Đà Lạt", "value": 420, "url": "#"},
            {"label": "Xã Lạc Dương", "value": 231, "url": "#"},
            {"label": "Đặc khu Phú Quý", "value": 3, "hidden": True},
        ],
        "head": ["Ngày", "Đội", {"text": "Người", "number": True}],
        "rows": [
            ["01/07", "Đội xã Lạc Dương", {"text": 34, "number": True}],
            ["02/07", {"text": "Đội lưu động số 2", "url": "#"}, {"text": 0, "number": True}],
        ],
        "page": Paginator(range(100), 10).page(3),
    }


def _papers() -> dict[str, Any]:
    return {
        "papers": [
            {"name": "Căn cước", "copies": "1 bản chính", "why": "Để cán bộ đối chiếu."},
            {
                "name": "Giấy khám sức khoẻ",
                "copies": "1 bản chính",
                "how": "Khám tại trung tâm y tế khu vực.",
            },
            {"name": "Giấy phép lái xe cũ", "unsure": True, "why": "Nếu còn giữ."},
            {"name": "Giấy xác nhận cư trú", "have": True, "why": "Đã có trong cơ sở dữ liệu dân cư."},
        ],
        "summary": [
            {"key": "Việc", "value": "Cấp lại giấy phép lái xe", "url": "#"},
            {"key": "Số lần đến", "value": 0},
            {"key": "Số hồ sơ", "value": ""},
        ],
        "events": [
            {"title": "Chờ cán bộ xem hồ sơ", "when": "05/07/2025", "current": True},
            {"title": "Đã nộp trực tuyến", "when": "03/07/2025", "by": "Đội xã Lạc Dương"},
        ],
        "qr": qr_svg("https://nhipcau.example/t/7K3M-9QX4"),
    }
