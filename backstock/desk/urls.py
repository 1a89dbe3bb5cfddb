"""Which desk page answers at which address; each area lists its own."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from backstock.desk import finding, kit, pages
from backstock.desk.login import Login

urlpatterns = [
    path("", pages.home, name="home"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="set_language"),
    path("", include("backstock.desk.books.urls")),
    path("", include("backstock.desk.reports.urls")),
    path("", include("backstock.desk.dock.urls")),
    path("", include("backstock.desk.evidence.urls")),
    path("", include("backstock.desk.inspection.urls")),
    path("", include("backstock.desk.papers.urls")),
    path("", include("backstock.desk.notifications.urls")),
    path("", include("backstock.desk.flows.urls")),
    path("", include("backstock.desk.law.urls")),
    path("", include("backstock.desk.policies.urls")),
    path("", include("backstock.desk.returns.urls")),
    path("", include("backstock.desk.sales.urls")),
    path("", include("backstock.desk.warehouse.urls")),
    path("", include("backstock.desk.owing.urls")),
    path("", include("backstock.desk.refunds.urls")),
    path("", include("backstock.desk.purchases.urls")),
    path("", include("backstock.desk.exchange.urls")),
    path("", include("backstock.desk.partners.urls")),
    path("products/find/", finding.find, name="product_find"),
    path("products/scan/", finding.scan, name="product_scan"),
    path("", include("backstock.desk.catalog.urls")),
    path("kit/", kit.kit, name="kit"),
    path("kit/form/", kit.form, name="kit_form"),
    path("kit/lines/", kit.lines, name="kit_lines"),
    path("kit/bulk/", kit.bulk, name="kit_bulk"),
    path("kit/task/", kit.task, name="kit_task"),
]
