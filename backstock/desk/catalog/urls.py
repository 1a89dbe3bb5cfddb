"""Which page of products answers at which address."""

from django.urls import path

from backstock.desk.catalog import arranging, editing, listing, page, pricing

urlpatterns = [
    path("products/", listing.product_list, name="product_list"),
    path("products/new/", editing.product_new, name="product_new"),
    path("products/prices/", pricing.price_list, name="price_list"),
    path("products/arrange/<slug:kind>/", arranging.arrange, name="catalog_arrange"),
    path("products/pictures/<str:name>/", page.picture, name="product_picture"),
    path("products/pictures/<str:name>/small/", page.picture, {"size": "small"}, name="product_picture_small"),
    path("products/<int:pk>/", page.product_page, name="product_page"),
    path("products/<int:pk>/edit/", editing.product_edit, name="product_edit"),
    path("products/<int:pk>/archive/", page.product_archive, name="product_archive"),
]
