"""After a test that commits, the tables hold what the migrations wrote into them, and nothing else.

Django empties every table there is and writes the rows of the migrations anew, one by one, before the next
test that asks for them. Here only what holds rows is emptied, and the rows come back from copies: so every
test may rely on them, in any order.
"""

from contextlib import closing
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

COPIES = "kept_for_tests"


def keep_rows() -> None:
    """Copy what the migrations wrote. Once, when the test database has been made or is used again."""
    with transaction.atomic(), closing(connection.cursor()) as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [COPIES])
        if cursor.fetchone():
            return
        cursor.execute(f"CREATE SCHEMA {COPIES}")
        for table in _with_rows(cursor):
            cursor.execute(f'CREATE TABLE {COPIES}."{table}" AS TABLE "{table}"')


def bring_rows_back(*_: Any) -> None:
    """Take the place of ``TransactionTestCase._fixture_teardown``."""
    with transaction.atomic(), closing(connection.cursor()) as cursor:
        used = _with_rows(cursor)
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [COPIES])
        kept = [table for (table,) in cursor.fetchall()]
        both = sorted({*used, *kept})
        # Some tables refuse to forget, others write down what is deleted: not here.
        for table in both:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for table in used:
            cursor.execute(f'DELETE FROM "{table}"')
        for table in kept:
            cursor.execute(f'INSERT INTO "{table}" SELECT * FROM {COPIES}."{table}"')
        # The tables cannot be altered again before their foreign keys were looked at.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in both:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def end_other_sessions() -> None:
    """A thread that answered a browser may still hold its connection; a database in use is not dropped."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _with_rows(cursor: CursorWrapper) -> list[str]:
    tables = sorted(set(connection.introspection.table_names(cursor)) - {"django_migrations"})
    each = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables]
    cursor.execute(" UNION ALL ".join(each))
    return [table for (table,) in cursor.fetchall()]
