"""Skills are qualifications now, which the room of volunteers keeps: they are brought there first."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("teams", "0002_guide_editor"), ("volunteers", "0002_from_skills")]

    operations = [migrations.DeleteModel(name="MemberSkill")]
