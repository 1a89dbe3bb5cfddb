"""Which desk page answers at which address."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import set_language

from backstock.desk import (
    kit,
    new_return,
    pages,
    return_page,
    return_steps,
    return_undo,
    returns_list,
    sale_page,
    sales_list,
    settle_page,
)
from backstock.desk.login import Login

urlpatterns = [
    path("", pages.home, name="home"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="set_language"),
    path("returns/", returns_list.return_list, name="return_list"),
    path("returns/bulk/", returns_list.return_bulk, name="return_bulk"),
    path("returns/new/", new_return.return_new, name="return_new"),
    path("returns/new/<str:number>/", new_return.return_new_of, name="return_new_of"),
    path("returns/<str:number>/", return_page.return_page, name="return_page"),
    path("returns/<str:number>/settle/", settle_page.settle, name="return_settle"),
    path("returns/<str:number>/undo/<str:what>/", return_undo.return_undo, name="return_undo"),
    path("returns/<str:number>/<str:name>/", return_steps.return_step, name="return_step"),
    path("sales/", sales_list.sale_list, name="sale_list"),
    path("sales/<str:number>/", sale_page.sale_page, name="sale_page"),
    path("kit/", kit.kit, name="kit"),
    path("kit/form/", kit.form, name="kit_form"),
    path("kit/bulk/", kit.bulk, name="kit_bulk"),
    path("kit/task/", kit.task, name="kit_task"),
]
