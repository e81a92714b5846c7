"""The public programming interface, described at `/api/v1/openapi.json`: one router a room."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from nhipcau.core.errors import UnableTo
from nhipcau.places.api import router as places
from nhipcau.procedures.api import router as procedures
from nhipcau.reports.api import router as reports
from nhipcau.sync.api import router as sync

api = NinjaAPI(
    title="Nhịp Cầu",
    version="1",
    description=(
        "Places, procedures and open figures of a programme: no account, no personal data. "
        "And the protocol of the field app, for phones that a member signed in."
    ),
    docs_url=None,  # the browser page would load scripts from abroad
    urls_namespace="api",
)
api.add_router("/places", places)
api.add_router("/procedures", procedures)
api.add_router("/reports", reports)
api.add_router("/sync", sync)


@api.exception_handler(UnableTo)
def unable(request: HttpRequest, error: UnableTo) -> HttpResponse:
    """Every refusal has the same shape: a stable code and a sentence."""
    return api.create_response(request, {"code": error.code, "message": str(error)}, status=error.status)
