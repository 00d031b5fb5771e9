"""Which rows still need an old key or pepper, and writing them anew, a few hundred at a time.

Each row is written only where it still holds the text that was read: whatever the app wrote meanwhile stays, and is looked at again in the
next round. SEALED names every sealed column there is; a test holds it against the schema.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from webapp.adapters.store.queries.people import looked_up_by
from webapp.adapters.store.sql import Driver
from webapp.domain.person import NumberKind
from webapp.ports import KeysInUse

LOT = 200
NO_KEY = "?"


@dataclass(frozen=True)
class Sealed:
    """`place` as the vault was given it, with the columns of the key in braces; `inside` the name in a JSON text, where it is one."""

    table: str
    key: tuple[str, ...]
    place: str
    column: str = "sealed"
    inside: str = ""


SEALED = (
    Sealed("people", ("id",), "people:{id}"),
    Sealed("officers", ("id",), "officers:{id}"),
    Sealed("drafts", ("owner", "kind"), "drafts:{owner}:{kind}"),
    Sealed("hospital_changes", ("reference",), "hospital_changes:{reference}", "facts", "note"),
    Sealed("corrections", ("reference",), "corrections:{reference}"),
    Sealed("claims", ("reference",), "claims:{reference}"),
    Sealed("claim_steps", ("reference", "number"), "claim_steps:{reference}:{number}"),
    Sealed("claim_versions", ("reference", "version"), "claim_versions:{reference}:{version}"),
    Sealed("claim_accounts", ("reference",), "claim_accounts:{reference}"),
    Sealed("claim_batch_lines", ("batch", "number"), "claim_batch_lines:{batch}:{number}"),
    Sealed("documents", ("id",), "documents:{id}"),
    Sealed("sign_in_codes", ("state_hash",), "sign_in_codes:{state_hash}"),
    Sealed("government_channel_entries", ("id_hash",), "government_channel_entries:{id_hash}"),
    Sealed("government_channel_links", ("person_id",), "government_channel_links:{person_id}"),
    Sealed("contacts", ("person_id",), "contacts:{person_id}"),
    Sealed("thaid_says", ("person_id",), "thaid_says:{person_id}"),
    Sealed("subscriptions", ("endpoint_hash",), "subscriptions:{endpoint_hash}"),
    Sealed("audit_words", ("entry",), "audit_words:{entry}"),
)
HASHED = ("people", "officers")
NUMBERS, MARKS = ":numbers", "audit_marks"


class KeyQueries(Driver):
    """Everything that was written with a key or a pepper."""

    def keys_in_use(self) -> KeysInUse:
        """How many rows need each key and each pepper; '?' where no name was noted yet."""
        keys: dict[str, int] = {}
        for one in SEALED:
            name = "SUBSTR(text, 1, 8)"
            texts = f"(SELECT {self._text(one)} AS text FROM {one.table}) AS t"  # noqa: S608 - our own names
            for row in self.all(f"SELECT {name} AS name, COUNT(*) AS n FROM {texts} WHERE text <> '' GROUP BY {name}"):  # noqa: S608 - our own
                keys[str(row["name"])] = keys.get(str(row["name"]), 0) + int(row["n"])
        for row in self.all("SELECT mark_key, COUNT(*) AS n FROM audit_marks GROUP BY mark_key"):
            keys[str(row["mark_key"])] = keys.get(str(row["mark_key"]), 0) + int(row["n"])
        peppers: dict[str, int] = {}
        for table in HASHED:
            for row in self.all(f"SELECT pid_pepper, COUNT(*) AS n FROM {table} GROUP BY pid_pepper"):  # noqa: S608 - our own names
                name = str(row["pid_pepper"]) or NO_KEY
                peppers[name] = peppers.get(name, 0) + int(row["n"])
        return KeysInUse(self.vault.first_key, self.vault.key_names, keys, self.vault.first_pepper, self.vault.pepper_names, peppers)

    def parts_to_rotate(self) -> tuple[str, ...]:
        """What `write_anew` takes one after the other."""
        return (*(one.table for one in SEALED), *(f"{table}{NUMBERS}" for table in HASHED), MARKS)

    def write_anew(self, part: str, after: tuple[Any, ...] = (), most: int = LOT) -> tuple[int, tuple[Any, ...]]:
        """The next rows of a part, behind `after`, that another key or pepper made: how many were written, and where to go on; () at the
        end. Raises SealBroken where a row's key is not given; a mark that its key did not make is left to be found by a check."""
        with self.transaction():
            if part == MARKS:
                return self._mark_anew(after, most)
            if part.endswith(NUMBERS):
                return self._hash_anew(part.removesuffix(NUMBERS), after, most)
            return self._seal_anew(next(one for one in SEALED if one.table == part), after, most)

    def _seal_anew(self, one: Sealed, after: tuple[Any, ...], most: int) -> tuple[int, tuple[Any, ...]]:
        behind, values = _behind(one.key, after)
        text = self._text(one)
        rows = self.all(
            f"""SELECT {", ".join((*one.key, one.column))} FROM {one.table}
                WHERE {text} <> '' AND SUBSTR({text}, 1, 8) <> :first {behind} ORDER BY {", ".join(one.key)} LIMIT :most""",  # noqa: S608
            first=self.vault.first_key, most=most, **values,
        )  # fmt: skip
        keyed = " AND ".join(f"{name} = :{name}" for name in one.key)
        for row in rows:
            key = {name: row[name] for name in one.key}
            self.run(
                f"UPDATE {one.table} SET {one.column} = :new WHERE {keyed} AND {one.column} = :old",  # noqa: S608 - our own names
                new=self._anew(one, str(row[one.column]), one.place.format(**key)), old=row[one.column], **key,
            )  # fmt: skip
        return len(rows), tuple(rows[-1][name] for name in one.key) if len(rows) == most else ()

    def _hash_anew(self, table: str, after: tuple[Any, ...], most: int) -> tuple[int, tuple[Any, ...]]:
        behind, values = _behind(("id",), after)
        first = self.vault.first_pepper
        rows = self.all(
            f"SELECT id, sealed FROM {table} WHERE pid_pepper <> :first {behind} ORDER BY id LIMIT :most",  # noqa: S608 - our own names
            first=first, most=most, **values,
        )  # fmt: skip
        for row in rows:
            facts = self.vault.open(row["sealed"], f"{table}:{row['id']}")
            number = looked_up_by(facts["pid"], NumberKind(facts.get("number_kind", NumberKind.CITIZEN)))
            self.run(
                f"UPDATE {table} SET pid_hash = :new, pid_pepper = :first WHERE id = :id",  # noqa: S608 - our own names
                new=self.vault.pid_hash(number), first=first, id=row["id"],
            )  # fmt: skip
        return len(rows), (rows[-1]["id"],) if len(rows) == most else ()

    def _mark_anew(self, after: tuple[Any, ...], most: int) -> tuple[int, tuple[Any, ...]]:
        behind, values = _behind(("m.batch",), after)
        rows = self.all(
            f"""SELECT m.batch, m.mark, m.mark_key, b.hash FROM audit_marks m JOIN audit_batches b ON b.number = m.batch
                WHERE m.mark_key <> :first {behind} ORDER BY m.batch LIMIT :most""",  # noqa: S608 - our own names
            first=self.vault.first_key, most=most, **values,
        )  # fmt: skip
        right = [row for row in rows if self.vault.is_mark_of(row["hash"], row["mark"], row["mark_key"])]
        self.run_many(
            "UPDATE audit_marks SET mark = :mark, mark_key = :key WHERE batch = :batch",
            [{"mark": self.vault.mark(row["hash"]), "key": self.vault.first_key, "batch": row["batch"]} for row in right],
        )
        return len(right), (rows[-1]["batch"],) if len(rows) == most else ()

    def _text(self, one: Sealed) -> str:
        return f"COALESCE({self.inside(one.column, one.inside)}, '')" if one.inside else one.column

    def _anew(self, one: Sealed, text: str, place: str) -> str:
        if not one.inside:
            return self.vault.seal(self.vault.open(text, place), place)
        facts = json.loads(text)
        facts[one.inside] = self.vault.seal(self.vault.open(facts[one.inside], place), place)
        return json.dumps(facts, ensure_ascii=False)


def _behind(key: tuple[str, ...], after: tuple[Any, ...]) -> tuple[str, dict[str, Any]]:
    """Rows after the last one written, so that a long table is gone through once."""
    if not after:
        return "", {}
    values = {f"after{number}": value for number, value in enumerate(after)}
    return f"AND ({', '.join(key)}) > ({', '.join(f':{name}' for name in values)})", values
