"""Skills that members had in `teams` become qualifications here.

Nobody has looked at any evidence yet: what needs none counts from the day the member joined, the rest waits
to be checked. The shipped table is loaded after the migrations, so the rows named here are made first.
"""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations

SKILLS = {
    "vneid": ("VNeID và định danh điện tử", "VNeID and electronic identity", True),
    "portal": ("Nộp hồ sơ trên Cổng Dịch vụ công", "Filing on the public service portal", True),
    "scanning": ("Quét và chụp giấy tờ", "Scanning and photographing papers", False),
    "payment": ("Nộp lệ phí qua mạng", "Paying fees online", False),
    "civil_status": ("Giấy tờ khai sinh, kết hôn, khai tử", "Birth, marriage and death papers", True),
    "land": ("Giấy tờ đất đai", "Land papers", True),
    "business": ("Giấy tờ hộ kinh doanh", "Household business papers", True),
    "social": ("Bảo hiểm xã hội và trợ cấp", "Social insurance and allowances", True),
    "phones": ("Điện thoại, SIM và kết nối mạng", "Phones, SIM cards and connections", False),
    "safety": ("Phòng tránh lừa đảo trên mạng", "Staying safe from online fraud", True),
    "teaching": ("Dạy theo nhóm", "Teaching groups", True),
    "sign_language": ("Ngôn ngữ ký hiệu", "Sign language", True),
    "motorbike": ("Có xe máy để đến tận nhà", "Own motorbike for home visits", False),
}
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def bring(apps, schema_editor):
    skills = apps.get_model("teams", "MemberSkill").objects.select_related("member")
    qualification = apps.get_model("volunteers", "Qualification")
    grant = apps.get_model("volunteers", "QualificationGrant")
    for code in sorted(set(skills.values_list("skill", flat=True))):
        name_vi, name_en, needs_evidence = SKILLS[code]
        values = {"name_vi": name_vi, "name_en": name_en, "needs_evidence": needs_evidence}
        qualification.objects.get_or_create(code=code, defaults=values)
    rows = []
    for skill in skills.order_by("id").iterator():
        counts = not SKILLS[skill.skill][2]
        joined = datetime.combine(skill.member.joined_on, time(12), tzinfo=VIETNAM)
        rows.append(
            grant(
                member=skill.member,
                qualification_id=skill.skill,
                state="approved" if counts else "claimed",
                evidence=skill.evidence,
                valid_from=skill.member.joined_on,
                claimed_at=joined,
                decided_at=joined if counts else None,
            )
        )
    grant.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_initial"), ("teams", "0002_guide_editor")]

    operations = [migrations.RunPython(bring, migrations.RunPython.noop)]
