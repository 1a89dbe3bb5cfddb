"""The order, the customer's balance, revenue and gross profit show a return as soon as it is settled."""

from backstock.refunds.sale_figures import net_cost, net_revenue
from backstock.sales.models import Sale
from tests import build
from tests.desk.test_returns_pages import browser


def shown(client, sale, customer):
    """The text of every page on which the sale counts, without spaces."""
    paths = {
        "order": f"/sales/{sale}/", "customer": f"/partners/{customer}/",
        "profit": "/reports/profit/?from=2026-01-01&to=2026-12-31",
        "documents": "/reports/profit/documents/?product=1&from=2026-01-01&to=2026-12-31",
    }  # fmt: skip
    return {name: client.get(path).text for name, path in paths.items()}


def test_every_page_shows_the_return_at_once(people):
    client = browser("admin")
    sale = build.sold(quantity=3, paid="none")
    customer = Sale.objects.get().customer_id
    before = shown(client, sale, customer)
    build.settled(build.back_on_the_shelf(1, number=sale))
    after = shown(client, sale, customer)

    assert (net_revenue(sale), net_cost(sale)) == (20_000, 12_000)
    assert "-¥100.00" in after["order"]
    assert "Credited for returns" not in before["order"]
    for name in ("order", "customer"):
        assert "¥300.00" in before[name]
        assert "¥200.00" in after[name]
    # Gross profit is net; document by document the return stands beside its sale.
    for name, amount in {"profit": "200.00", "documents": "100.00"}.items():
        assert f">{amount}" in after[name].replace("¥", "")
        assert f">{amount}" not in before[name].replace("¥", "")
