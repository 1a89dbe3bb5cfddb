"""Which page of inspections answers at which address."""

from django.urls import path

from backstock.desk.inspection import rules

urlpatterns = [path("inspection/", rules.rules, name="inspection_rules")]
