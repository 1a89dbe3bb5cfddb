"""Addresses of imports and exports."""

from django.urls import path

from backstock.desk.exchange import importing, leaving, run_page

urlpatterns = [
    path("exchange/import/", importing.listing, name="import_list"),
    path("exchange/import/<str:kind>/", importing.upload, name="import_upload"),
    path("exchange/import/<str:kind>/template/", importing.template, name="import_template"),
    path("exchange/runs/<int:pk>/", run_page.page, name="import_run"),
    path("exchange/runs/<int:pk>/columns/", run_page.columns, name="import_columns"),
    path("exchange/runs/<int:pk>/start/", run_page.start, name="import_start"),
    path("exchange/runs/<int:pk>/progress/", run_page.progress, name="import_progress"),
    path("exchange/runs/<int:pk>/problems/", run_page.problems, name="import_problems"),
    path("exchange/runs/<int:pk>/faulty/", run_page.faulty, name="import_faulty"),
    path("exchange/export/", leaving.page, name="export_page"),
    path("exchange/export/all/", leaving.everything, name="export_all"),
    path("exchange/export/<str:kind>/", leaving.kind_csv, name="export_kind"),
]
