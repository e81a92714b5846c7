"""The page of campaigns: what runs on one's places, and starting one."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.teams import queries, services
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.forms import CampaignForm
from nhipcau.teams.views.choices import places_to_offer


@requires(Permission.TEAMS_EDIT)
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Campaigns that run or are to come, and the form that starts one."""
    actor, now = actor_in(request), clock.now()
    choices = places_to_offer(request, Permission.TEAMS_EDIT)
    form = CampaignForm(
        request.POST or None,
        initial={"place": choices.places[0].code} if choices.places else {},
        places=choices.places,
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.start_campaign(
                by=actor,
                now=now,
                name=values["name"],
                starts_on=values["starts_on"],
                ends_on=values["last_on"] + timedelta(days=1),
                unit_code=values["place"],
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The campaign is set. Teams can now join it on their own page."))
            return redirect("teams:campaigns")
    rows = queries.campaign_list(actor, today=clock.local_date(now))
    return render(request, "teams/campaigns.html", {"form": form, "choices": choices, "rows": rows})
