"""What a phone could not send is handed in here: the file it saved, or the codes it showed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.devices.queries.rescue import read_rescue
from nhipcau.sync.forms.rescue import RescueForm
from nhipcau.sync.services.rescuing import take_in
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission


@requires(Permission.DEVICES_RESCUE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """The result is shown at once: the same again changes nothing, so the page may be loaded anew."""
    form = RescueForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = take_in(rescue=read_rescue(form.content()), by=actor_in(request), now=clock.now())
        except Http404:
            form.add_error(None, _("This phone is not one of your places, or was never signed in."))
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            return render(request, "sync/rescued.html", {"taken": taken})
    return render(request, "sync/rescue.html", {"form": form}, status=422 if form.errors else 200)
