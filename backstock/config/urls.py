"""Which page answers at which address."""

from django.urls import URLPattern, URLResolver, include, path

from backstock.api.notices import notice

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("backstock.desk.urls")),
    path("gateways/<str:tender>/notice", notice, name="gateway_notice"),
    path("api/", include(("backstock.api.urls", "api"))),
]
handler403 = "backstock.desk.pages.forbidden"
handler404 = "backstock.desk.pages.not_found"
