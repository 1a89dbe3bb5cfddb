"""Where gateways tell that something became of a refund. A notice is a hint: what it is about is asked, never believed.

So it may come twice, late, in any order, or be played back by a stranger: the worker asks the gateway, which answers with
what is true now.
"""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from backstock.refunds.gateways.protocol import BadNotice
from backstock.refunds.gateways.routes import gateway_of
from backstock.refunds.outbox import ask_about

MOST_BYTES = 64 * 1024
logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def notice(request: HttpRequest, tender: str) -> HttpResponse:
    """Take a signed notice and have its refund asked about; one that is not signed is turned away."""
    gateway = gateway_of(tender)
    if gateway is None:
        raise Http404
    if len(request.body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        key = gateway.notice({name.lower(): value for name, value in request.headers.items()}, request.body)
    except BadNotice:
        logger.warning("a notice for %s was not signed by its gateway", tender)
        return HttpResponse(status=401)
    # Accounts are shared: what is not ours is taken too, or it would be sent for days.
    ask_about(tender, key)
    kind, body = gateway.accepted
    return HttpResponse(body, content_type=kind)
