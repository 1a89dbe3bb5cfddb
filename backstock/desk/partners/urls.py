"""Which page of partners answers at which address."""

from django.urls import path

from backstock.desk.partners import editing, listing, page

urlpatterns = [
    path("partners/customers/", listing.customers, name="customer_list"),
    path("partners/suppliers/", listing.suppliers, name="supplier_list"),
    path("partners/new/", editing.partner_new, name="partner_new"),
    path("partners/duplicates/", page.duplicates, name="partner_duplicates"),
    path("partners/<int:pk>/", page.partner_page, name="partner_page"),
    path("partners/<int:pk>/edit/", editing.partner_edit, name="partner_edit"),
    path("partners/<int:pk>/archive/", page.partner_archive, name="partner_archive"),
    path("partners/<int:pk>/erase/", page.partner_erase, name="partner_erase"),
]
