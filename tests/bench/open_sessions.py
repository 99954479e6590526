#!/usr/bin/env python3
"""What open sessions cost: memory, start until ready, and how late timers are.

    cargo build --release -p crow
    python3 tests/bench/open_sessions.py target/release/crow /tmp/open-sessions [sessions] [ends a second]

Starts `crow serve` with SQLite in the new folder, sends one session through the gateway, and copies its row a million
times, so that two minutes later that many of them are due in each second. NATS is found on PATH or in CROW_NATS_SERVER.
"""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

IDLE_MS = 3_600_000
FIRST_DUE_MS = 120_000
SECONDS_OF_ENDS = 60


def free_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return "127.0.0.1:%d" % probe.getsockname()[1]


class Crow:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        names = ["INGEST__LISTEN", "SESSION__LISTEN", "QUERY__LISTEN", "QUERY__GRPC_LISTEN"]
        self.at = {name: free_address() for name in names}
        self.env = {**os.environ, **{"CROW_" + name: address for name, address in self.at.items()}}

    def command(self, *arguments):
        return [self.binary, *arguments, "--data-dir", self.folder]

    def start(self):
        """Seconds until all three services are ready."""
        log = open(os.path.join(self.folder, "serve.log"), "w")
        self.process = subprocess.Popen(self.command("serve"), env=self.env, stdout=log, stderr=log)
        began = time.monotonic()
        while not all(self.is_ready(name) for name in ["INGEST__LISTEN", "SESSION__LISTEN", "QUERY__LISTEN"]):
            if time.monotonic() - began > 120:
                sys.exit("not ready; see serve.log in the folder")
            time.sleep(0.02)
        return time.monotonic() - began

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def is_ready(self, name):
        try:
            return urllib.request.urlopen(f"http://{self.at[name]}/health/ready", timeout=1).status == 200
        except OSError:
            return False

    def resident_mb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))

    def send_template(self):
        create = self.command("keys", "create", "--json", "--org", "acme", "--scope", "ingest")
        key = json.loads(subprocess.check_output(create, env=self.env))["key"]
        now = int(time.time() * 1000)
        event = {"id": "e1", "type": "pageview", "timestamp": now, "url": "https://shop.example/"}
        context = {"url": "https://shop.example/", "userId": "user-7"}
        batch = {"sessionId": "template", "windowId": "w", "seq": 0, "sentAt": now, "context": context, "events": [event]}
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        url = f"http://{self.at['INGEST__LISTEN']}/batch"
        urllib.request.urlopen(urllib.request.Request(url, json.dumps(batch).encode(), headers))


def copy_template(db, count, ends_a_second):
    """Returns when the first copy is due."""
    while not db.execute("select 1 from sessions where session_id = 'template'").fetchone():
        time.sleep(0.2)
    partitions = db.execute("select partitions from installation").fetchone()[0]
    first_due = int(time.time() * 1000) + FIRST_DUE_MS
    due = f"{first_due} + n * 1000 / {ends_a_second}"
    changed = {"id": "t.id || printf('%08d', n)", "session_id": "'s' || n", "partition": f"n % {partitions}", "due_at": due}
    changed |= {name: f"{due} - {IDLE_MS}" for name in ["started_at", "last_event_at", "last_activity_at"]}
    columns = [row[1] for row in db.execute("pragma table_info(sessions)")]
    values = ", ".join(changed.get(name, f"t.{name}") for name in columns)
    db.execute(
        f"with recursive g(n) as (select 1 union all select n + 1 from g where n < {count}) "
        f"insert into sessions ({', '.join(columns)}) select {values} from g, (select * from sessions where session_id = 'template') t"
    )
    db.commit()
    return first_due


def lateness(db):
    """Milliseconds from due to committed, sorted."""
    late = "select updated_at - (ended_at + ?) from sessions where status = 'closed' and session_id <> 'template' order by 1"
    return [row[0] for row in db.execute(late, [IDLE_MS])]


def main():
    binary, folder = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    ends_a_second = int(sys.argv[4]) if len(sys.argv) > 4 else 2_000
    os.makedirs(folder)
    crow = Crow(binary, folder)
    crow.start()
    crow.send_template()
    db = sqlite3.connect(os.path.join(folder, "crow.db"), timeout=60)
    print(f"without sessions: {crow.resident_mb()} MB")
    first_due = copy_template(db, count, ends_a_second)
    crow.stop()
    print(f"{count} open sessions: ready after {crow.start():.2f} s")
    while time.time() * 1000 < first_due - 1_000:
        time.sleep(0.5)
    print(f"before the first is due: {crow.resident_mb()} MB")
    peak = 0
    for _ in range(SECONDS_OF_ENDS):
        time.sleep(1)
        peak = max(peak, crow.resident_mb())
    late = lateness(db)
    p50, p99 = late[len(late) // 2], late[len(late) * 99 // 100]
    waiting = db.execute("select count(*) from outbox where sent_at is null").fetchone()[0]
    print(f"{ends_a_second} a second due for {SECONDS_OF_ENDS} s: {len(late)} over, {waiting} of them not announced, at most {peak} MB")
    print(f"due to committed: p50 {p50} ms, p99 {p99} ms, longest {late[-1]} ms")
    crow.stop()


main()
