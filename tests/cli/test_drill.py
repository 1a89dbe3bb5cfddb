"""The drill of the suite: twenty-five workers die around a call to a gateway, and the money is where it belongs."""

import json
import subprocess
import sys


def test_no_refund_is_lost_and_none_paid_twice_when_workers_die(company_db):
    command = [sys.executable, "-m", "backstock.config.console", "drill", "gateway", "--json", "--database", company_db]

    done = subprocess.run(command, capture_output=True, text=True, timeout=300)

    found = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, found["ok"], found["runs"]) == (0, True, 25), found
    assert (found["lost"], found["paid_twice"], found["unresolved"], found["problems"]) == ([], [], [], [])
    assert len(found["killed"]) >= 10
    assert sum(found["killed"].values()) >= 20
