"""One question on a page; the answers travel in the address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from nhipcau.core.doors import public
from nhipcau.procedures import guide as engine
from nhipcau.procedures.forms import QuestionForm
from nhipcau.procedures.views.frame import show
from nhipcau.procedures.views.visit import PREFIX, Visit, read_visit


@public
def question_page(request: HttpRequest, name: str) -> HttpResponse:
    """Takes the answer of one question, asks the next, and ends at the list.

    `fact` with `answer` or `dont_know`: an answer. `change`: ask this one again.
    """
    visit = read_visit(request, name)
    if "fact" in request.GET:
        return _answered(request, visit, request.GET["fact"])
    changed = request.GET.get("change")
    if changed is not None:
        if changed not in visit.facts:
            raise Http404
        return _ask(
            request, visit, QuestionForm(visit.facts[changed], initial=_given(visit, changed)), changed
        )
    following = engine.next_question(visit.guide, visit.answers, on=visit.on, province=visit.province)
    if following is None:
        return redirect(visit.url("checklist"))
    return _ask(request, visit, QuestionForm(following), following.id)


def _given(visit: Visit, fact: str) -> object:
    return visit.answers.get(fact)


def _answered(request: HttpRequest, visit: Visit, fact: str) -> HttpResponse:
    if fact not in visit.facts:
        raise Http404
    form = QuestionForm(visit.facts[fact], request.GET)
    others = visit.pairs(without=fact)
    if "dont_know" in request.GET:
        return redirect(visit.url("questions", [*others, (PREFIX + fact, engine.UNKNOWN)]))
    if not form.is_valid():
        return _ask(request, visit, form, fact)
    return redirect(visit.url("questions", [*others, (PREFIX + fact, form.plain_answer)]))


def _ask(request: HttpRequest, visit: Visit, form: QuestionForm, fact: str) -> HttpResponse:
    others = visit.pairs(without=fact)
    answered = [name for name in visit.facts if name in visit.answers and name != fact]
    left = len(engine.questions(visit.guide, visit.answers, on=visit.on, province=visit.province))
    context = {
        "procedure": visit.procedure,
        "form": form,
        "fact": fact,
        "carried": others,
        "number": len(answered) + 1,
        "left": max(0, left - 1),
        "typed": visit.facts[fact].type in ("number", "date"),
        "list_url": visit.url("checklist"),
        "back_url": _back(visit, answered),
        "unreadable": visit.unreadable,
    }
    return show(request, "procedures/question.html", context)


def _back(visit: Visit, answered: list[str]) -> str:
    """To the question answered before, else to the guide."""
    if not answered:
        return visit.url("guide", visit.place)
    return visit.url("questions", [*visit.pairs(), ("change", answered[-1])])
