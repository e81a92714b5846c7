"""Addresses of the cases room, from the root: short ones for citizens."""

from django.urls import path

from nhipcau.cases.views import card, cases, papers, public, sessions, steps

app_name = "cases"

urlpatterns = [
    path("reception/", sessions.reception, name="reception"),
    path("sessions/", sessions.session_list, name="sessions"),
    path("sessions/<uuid:session_id>/undo/", sessions.undo_session, name="undo_session"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/new/", cases.new_case, name="new_case"),
    path("cases/<uuid:case_id>/", cases.case_page, name="case"),
    path("cases/<uuid:case_id>/move/", steps.move, name="move"),
    path("cases/<uuid:case_id>/note/", steps.note, name="note"),
    path("cases/<uuid:case_id>/dossier/", steps.dossier, name="dossier"),
    path("cases/<uuid:case_id>/assign/", steps.assign, name="assign"),
    path("cases/<uuid:case_id>/due/", steps.due, name="due"),
    path("cases/<uuid:case_id>/person/", steps.person, name="person"),
    path("cases/<uuid:case_id>/withdraw/", steps.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/papers/", papers.papers, name="papers"),
    path("cases/<uuid:case_id>/card/", card.card, name="card"),
    path("cases/<uuid:case_id>/card.pdf", card.card_pdf, name="card_pdf"),
    path("follow/", public.follow_by_code, name="follow"),
    path("c/<str:token>/", public.follow, name="follow_card"),
    path("c/<str:token>/rate/", public.rate, name="rate"),
]
