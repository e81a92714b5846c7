"""Addresses of the roster room, under `/roster/`."""

from django.urls import path

from nhipcau.roster.views import acts, counting, demand, pages, together

app_name = "roster"

urlpatterns = [
    path("teams/<uuid:team_id>/visitors/", counting.visitors, name="visitors"),
    path("teams/<uuid:team_id>/visitors/<uuid:point_id>/", counting.counts, name="counts"),
    path(
        "teams/<uuid:team_id>/visitors/<uuid:point_id>/import/", counting.import_counts, name="import_counts"
    ),
    path("teams/<uuid:team_id>/visitors/<uuid:point_id>/demand/", demand.demand, name="demand"),
    path("teams/<uuid:team_id>/proposals/", pages.proposal_list, name="proposals"),
    path("teams/<uuid:team_id>/proposals/new/", acts.propose, name="propose"),
    path("teams/<uuid:team_id>/proposals/mend/", acts.mend, name="mend"),
    path("proposals/all/", acts.propose_all, name="propose_all"),
    path("proposals/together/<uuid:batch_id>/", together.batch, name="proposal_batch"),
    path("proposals/together/<uuid:batch_id>/publish/", together.publish_together, name="publish_together"),
    path("proposals/<uuid:proposal_id>/", pages.proposal, name="proposal"),
    path("proposals/<uuid:proposal_id>/shifts/<uuid:shift_id>/", pages.proposed_shift, name="proposed_shift"),
    path("proposals/<uuid:proposal_id>/change/", acts.change, name="change_proposal"),
    path("proposals/<uuid:proposal_id>/again/", acts.again, name="solve_again"),
    path("proposals/<uuid:proposal_id>/stop/", acts.stop, name="stop_proposal"),
    path("proposals/<uuid:proposal_id>/publish/", acts.publish, name="publish_proposal"),
    path("proposals/<uuid:proposal_id>/discard/", acts.discard, name="discard_proposal"),
]
