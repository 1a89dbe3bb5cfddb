"""Which page about the law answers at which address."""

from django.urls import path

from backstock.desk.law import clocks, late, markets, notices, packs

urlpatterns = [
    path("settings/law/", markets.law_markets, name="law_markets"),
    path("settings/law/<str:law>/", packs.law_pack, name="law_pack"),
    path("settings/law/<str:law>/<str:code>/", packs.law_rule, name="law_rule"),
    path("returns/clocks/", clocks.clock_list, name="clock_list"),
    path("reports/clocks/", late.report_clocks, name="report_clocks"),
    path("sales/<str:number>/notices/", notices.sale_notices, name="sale_notices"),
]
