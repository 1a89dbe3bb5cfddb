"""Which page of the policy answers at which address."""

from django.urls import path

from backstock.desk.policies import editor, files, versions, whole_trial

urlpatterns = [
    path("policies/", versions.policy_list, name="policy_list"),
    path("policies/compare/", versions.policy_compare, name="policy_compare"),
    path("policies/trial/", whole_trial.policy_trial, name="policy_trial"),
    path("policies/edit/", editor.policy_new, name="policy_new"),
    path("policies/find/<str:fact>/", versions.policy_find, name="policy_find"),
    path("policies/drafts/<str:number>/", versions.policy_draft, name="policy_draft"),
    path("policies/drafts/<str:number>/edit/", editor.draft_edit, name="policy_draft_edit"),
    path("policies/<int:pk>/", versions.policy_page, name="policy_page"),
    path("policies/export/<str:code>/<str:kind>/", files.policy_export, name="policy_export"),
]
