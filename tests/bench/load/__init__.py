"""`make bench-load`: the app under a crowd, over databases of up to ten million generated people, on SQLite and on PostgreSQL.

    people.py       generates them, once for each size and engine: kept under var/load and taken again
    engines.py      where they are kept, and the server that answers over them
    crowd.py        who comes: sessions, filled-in forms and idempotency keys, and what each asks for
    phones.py       asks: arrivals fixed in advance, answers timed from when somebody came, not from when the line was free
    rates.py        what a page costs by the size of the store, and how many requests a second it bears
    last_hour.py    the last hour of 31 March at ten times that rate, and whether the store holds what people were told
    reminders.py    a million subscriptions, several workers, none told twice
    __main__.py     the order of it, the table, and var/load/results.json

The exit code knows no absolute speed: only what must hold on any machine (nothing lost, nothing twice, everybody turned away told when to
come back) and ratios of one run.
"""
