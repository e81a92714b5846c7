"""Reading drafts: the list of guides, parts with their faults, what changed, the list as people see it."""

from nhipcau.authoring.queries.changes import Change as Change
from nhipcau.authoring.queries.changes import changes_by_part as changes_by_part
from nhipcau.authoring.queries.changes import changes_of as changes_of
from nhipcau.authoring.queries.drafts import UnableToFindDraft as UnableToFindDraft
from nhipcau.authoring.queries.drafts import areas_for as areas_for
from nhipcau.authoring.queries.drafts import get_draft as get_draft
from nhipcau.authoring.queries.drafts import get_version as get_version
from nhipcau.authoring.queries.drafts import reach_of as reach_of
from nhipcau.authoring.queries.faults import Fault as Fault
from nhipcau.authoring.queries.faults import faults_of as faults_of
from nhipcau.authoring.queries.faults import remarks_of as remarks_of
from nhipcau.authoring.queries.library import GuideRow as GuideRow
from nhipcau.authoring.queries.library import guide_rows as guide_rows
from nhipcau.authoring.queries.library import open_drafts as open_drafts
from nhipcau.authoring.queries.library import versions_of as versions_of
from nhipcau.authoring.queries.preview import Preview as Preview
from nhipcau.authoring.queries.preview import preview as preview
from nhipcau.authoring.queries.wording import condition as condition
from nhipcau.authoring.queries.wording import said as said
