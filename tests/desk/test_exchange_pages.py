"""Imports and exports in the browser without a screen: who may, what is kept, how many statements."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstock.catalog.models import Product
from backstock.core.models import User
from backstock.exchange_formats import runs
from backstock.exchange_formats.models import ImportRun
from tests.exchange.files import GUANJIAPO, as_csv

ZH = {"Accept-Language": "zh-hans"}


def sign_in(client, name: str) -> None:
    client.force_login(User.objects.get(username=name))


def sent(client, content: bytes, kind: str = "products"):
    file = SimpleUploadedFile("商品.csv", content)
    return client.post(f"/exchange/import/{kind}/", {"file": file, "on": "2026-01-05", "source": ""})


def test_a_file_goes_all_the_way_from_upload_to_result(client, people) -> None:
    sign_in(client, "feng")
    answer = sent(client, as_csv(GUANJIAPO))
    run = ImportRun.objects.get()
    assert answer.headers["Location"] == f"/exchange/runs/{run.pk}/"
    page = client.get(f"/exchange/runs/{run.pk}/", headers=ZH).content.decode()
    assert "备用" in page  # the column that nothing uses
    answer = client.post(f"/exchange/runs/{run.pk}/columns/", {"column-name": "1"}, headers=ZH)
    assert answer.status_code == 422
    assert "货号" in answer.content.decode()
    chosen = {f"column-{key}": str(at) for key, at in run.places.items()}
    assert client.post(f"/exchange/runs/{run.pk}/columns/", chosen).status_code == 302
    assert "hx-get" in client.get(f"/exchange/runs/{run.pk}/progress/").content.decode()
    assert runs.work_off()
    assert client.get(f"/exchange/runs/{run.pk}/progress/").headers["HX-Refresh"] == "true"
    assert "导入 2 行" in client.get(f"/exchange/runs/{run.pk}/", headers=ZH).content.decode()
    client.post(f"/exchange/runs/{run.pk}/start/")
    assert runs.work_off()
    assert Product.objects.count() == 3
    assert ImportRun.objects.get().user == User.objects.get(username="feng")
    assert client.get("/exchange/import/", headers=ZH).status_code == 200


def test_problems_are_listed_exported_and_the_rows_handed_back(client, people) -> None:
    sign_in(client, "feng")
    sent(client, as_csv([["货号", "零售价"], ["N1", "x"], ["N2", "1"]]))
    run = ImportRun.objects.get()
    runs.work_off()
    page = client.get(f"/exchange/runs/{run.pk}/", headers=ZH).content.decode()
    assert "不是数字" in page
    assert client.post(f"/exchange/runs/{run.pk}/start/").status_code == 422
    rows = b"".join(client.get(f"/exchange/runs/{run.pk}/problems/?export=csv", headers=ZH).streaming_content).decode()
    assert "2,零售价,x" in rows
    assert "N1,x" in client.get(f"/exchange/runs/{run.pk}/faulty/").content.decode()


def test_an_unreadable_file_is_refused_on_its_form(client, people) -> None:
    sign_in(client, "feng")
    answer = sent(client, b"\xff\xff\xff")
    assert answer.status_code == 422
    assert "unreadable_file" in answer.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(("name", "status"), [("chen", 403), ("wu", 403), ("feng", 200), ("wang", 200), ("admin", 200)])
def test_who_may_import(client, people, name: str, status: int) -> None:
    sign_in(client, name)
    assert client.get("/exchange/import/").status_code == status


def test_whoever_may_not_run_the_commands_of_a_kind_does_not_see_its_runs(client, people) -> None:
    sign_in(client, "feng")
    sent(client, as_csv(GUANJIAPO))
    run = ImportRun.objects.get()
    sign_in(client, "zhao")
    assert client.get(f"/exchange/runs/{run.pk}/").status_code == 403
    assert client.get("/exchange/import/products/").status_code == 403
    assert run.number not in client.get("/exchange/import/").content.decode()


def test_only_a_manager_takes_everything_out(client, people) -> None:
    sign_in(client, "feng")
    assert client.get("/exchange/export/").status_code == 403
    sign_in(client, "wang")
    assert client.get("/exchange/export/").status_code == 200
    assert "货号" in b"".join(client.get("/exchange/export/products/").streaming_content).decode()
    answer = client.post("/exchange/export/all/")
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as found:
        assert "manifest.json" in found.namelist()
    answer.close()


def test_the_pages_do_not_grow_with_rows(client, people) -> None:
    sign_in(client, "feng")
    counts = []
    for _ in range(2):
        sent(client, as_csv([["货号", "零售价"], *[[f"N{n}", "x"] for n in range(200)]]))
        run = ImportRun.objects.order_by("-pk")[0]
        runs.work_off()
        with CaptureQueriesContext(
            connection,
        ) as said:
            client.get("/exchange/import/")
            client.get(f"/exchange/runs/{run.pk}/")
        counts.append(len(said))
    assert counts[0] == counts[1] <= 24
