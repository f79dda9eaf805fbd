"""observe: print for each route the compact actual lines"""

import pytest
from collections import defaultdict
from tests.sweep.test_sweep import World
from tests.sweep.test_sweep import world, cells_of, ask, ROUTES
import time


@pytest.mark.django_db
def test_observe(world):
    import os

    want = os.environ.get("ROUTE", "")
    out = open("/tmp/observed.txt", "w")
    n = 0
    t = time.time()
    for route in ROUTES:
        if want and want not in route.name:
            continue
        table = defaultdict(lambda: defaultdict(list))
        try:
            for cell in cells_of(world, route):
                n += 1
                try:
                    st = ask(world, cell).status_code
                except Exception as e:
                    st = f"EXC {type(e).__name__} {str(e)[:300]}"
                table[(cell.relation, cell.method)][st].append(cell.persona)
        except KeyError as e:
            print("NOOBJ", route.name, e, file=out)
            continue
        print(f'\n["{route.name}"]', file=out)
        merged = defaultdict(list)
        for (rel, m), sts in table.items():
            merged[
                (
                    rel,
                    "; ".join(f"{s} {' '.join(p)}" for s, p in sorted(sts.items(), key=lambda x: len(x[1]))),
                )
            ].append(m)
        for (rel, spec), ms in merged.items():
            print(f"{rel}.{'/'.join(ms)} = {spec}", file=out)
    print(n, time.time() - t, file=out)
