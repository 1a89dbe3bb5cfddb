"""Which page of evidence answers at which address."""

from django.urls import path

from backstock.desk.evidence import adding, serving

urlpatterns = [
    path("evidence/", serving.upload, name="evidence_upload"),
    path("evidence/kept/<str:token>/", serving.kept, name="evidence_kept"),
    path("evidence/add/<str:number>/", adding.add, name="evidence_add"),
    path("evidence/erase/<str:number>/", adding.erase, name="evidence_erase"),
    path("evidence/<str:name>", serving.show, name="evidence_file"),
    path("evidence/<str:name>/<str:size>", serving.show, name="evidence_file_sized"),
]
