"""The hospital register: provinces and their borders, hospitals, what each import did, and the search.

What to look for, and what next when nothing is found, is written once here; how letters are kept and matched is the
engine's affair (`HospitalIndex`). A hospital is never deleted: an import ends it on a day, and its history keeps what it was.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from webapp.adapters.store.sql import Driver, Row
from webapp.domain.hospital_index import (
    Asked,
    Bits,
    build,
    in_any,
    is_met,
    nearly_holding,
    owner_piece,
    pack,
    page,
    pairs,
    pieces_asked,
    places,
    province_piece,
    ranks,
    unpack,
)
from webapp.domain.hospital_register import Plan, RegisterChangedMeanwhile, RegisterImport
from webapp.domain.hospital_search import (
    SHORTEST_BONES,
    SHORTEST_WITH_SLIP,
    Entry,
    Found,
    Hospital,
    Province,
    Spelling,
    Wanted,
    as_written,
    bones,
    distinct_words,
    entry,
    in_order_of_name,
    intact_parts,
    is_thai,
    joined,
    near,
    query_words,
    respellings,
)

HOSPITAL_DDL = [
    """CREATE TABLE provinces (
        code TEXT PRIMARY KEY,
        admin_code TEXT NOT NULL UNIQUE,
        name_th TEXT NOT NULL,
        name_en TEXT NOT NULL,
        region TEXT NOT NULL
    )""",
    """CREATE TABLE province_borders (
        code_a TEXT NOT NULL REFERENCES provinces (code),
        code_b TEXT NOT NULL REFERENCES provinces (code),
        PRIMARY KEY (code_a, code_b)
    )""",
    """CREATE TABLE hospitals (
        id TEXT PRIMARY KEY,
        code TEXT NOT NULL,
        name_th TEXT NOT NULL,
        name_en TEXT NOT NULL,
        name_en_basis TEXT NOT NULL,
        province_code TEXT NOT NULL REFERENCES provinces (code),
        district_th TEXT NOT NULL,
        ownership TEXT NOT NULL CHECK (ownership IN ('state', 'private')),
        beds INTEGER,
        latitude TEXT NOT NULL,
        longitude TEXT NOT NULL,
        listed_as_sso TEXT NOT NULL,
        source TEXT NOT NULL,
        since TEXT,
        ended_on TEXT,
        choose_by TEXT,
        until_then_id TEXT
    )""",
    """CREATE TABLE register_imports (
        number INTEGER PRIMARY KEY,
        imported_at TEXT NOT NULL,
        imported_by TEXT NOT NULL,
        file_name TEXT NOT NULL,
        file_hash TEXT NOT NULL,
        sample INTEGER NOT NULL,
        rows_read INTEGER NOT NULL,
        added INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        ended INTEGER NOT NULL,
        reopened INTEGER NOT NULL,
        unchanged INTEGER NOT NULL
    )""",
    """CREATE TABLE hospital_history (
        hospital_id TEXT NOT NULL REFERENCES hospitals (id),
        import_number INTEGER NOT NULL REFERENCES register_imports (number),
        happened TEXT NOT NULL,
        stood_before TEXT,
        PRIMARY KEY (hospital_id, import_number)
    )""",
]

BATCH = 1_000
MOST_WORDS = 150
MOST_NAMES = 60
SHORTEST_ACROSS = 7
MOST_SPELLINGS = 12
COLUMNS = tuple(field.name for field in fields(Hospital))
DAYS = ("since", "ended_on", "choose_by")
PUT_HOSPITAL = (
    f"INSERT INTO hospitals ({', '.join(COLUMNS)}) VALUES ({', '.join(':' + column for column in COLUMNS)}) "  # noqa: S608 - our own column names
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in COLUMNS[1:])}"
)

Progress = Callable[[int, int], None]


class HospitalIndex(Driver):
    """What an engine brings to the search: where the index lies, and words that look alike."""

    @abstractmethod
    def words_holding(self, parts: Sequence[str], limit: int) -> list[str]:
        """Words of the register that hold one of the parts, the most frequent first; a part of one or two letters must begin the word."""

    @abstractmethod
    def replace_hospital_index(self, rows: IndexRows) -> None:
        """Everything that is looked up, anew."""


@dataclass(frozen=True)
class IndexRows:
    """The rows of the index, table by table; `hospitals` is always a packed set of places (domain/hospital_index.py)."""

    hospital_places: Iterable[dict[str, Any]]
    hospital_pieces: Iterable[dict[str, Any]]
    hospital_days: Iterable[dict[str, Any]]
    hospital_words: Iterable[dict[str, Any]]


class HospitalQueries(HospitalIndex):
    """Days are ISO text; a province is named by its code (TH-10)."""

    # provinces

    def provinces(self) -> list[Province]:
        """All, in the order of their code."""
        return [_province(row) for row in self.all("SELECT * FROM provinces ORDER BY code")]

    def province(self, code: str) -> Province | None:
        row = self.one("SELECT * FROM provinces WHERE code = :code", code=code)
        return _province(row) if row else None

    def adjoining_provinces(self, code: str) -> list[str]:
        """Codes of the provinces that share a border with this one, itself not among them."""
        rows = self.all("SELECT code_b FROM province_borders WHERE code_a = :code ORDER BY code_b", code=code)
        return [row["code_b"] for row in rows]

    def put_provinces(self, provinces: Iterable[Province], borders: Iterable[tuple[str, str]]) -> None:
        """Writes the provinces and replaces all borders; a pair is kept in both directions."""
        with self.transaction():
            self.run_many(
                """INSERT INTO provinces (code, admin_code, name_th, name_en, region)
                   VALUES (:code, :admin_code, :name_th, :name_en, :region)
                   ON CONFLICT (code) DO UPDATE SET admin_code = excluded.admin_code, name_th = excluded.name_th,
                       name_en = excluded.name_en, region = excluded.region""",
                [asdict(province) for province in provinces],
            )
            self.run("DELETE FROM province_borders")
            both = {pair for low, high in borders for pair in ((low, high), (high, low))}
            self.run_many(
                "INSERT INTO province_borders (code_a, code_b) VALUES (:code_a, :code_b)",
                [{"code_a": here, "code_b": there} for here, there in sorted(both)],
            )

    # hospitals

    def hospital(self, hospital_id: str) -> Hospital | None:
        """Also one that has ended."""
        row = self.one("SELECT * FROM hospitals WHERE id = :id", id=hospital_id)
        return _hospital(row) if row else None

    def hospitals(self, hospital_ids: Iterable[str]) -> dict[str, Hospital]:
        """Those of the ids that the register knows, in the order asked."""
        ids = list(dict.fromkeys(hospital_ids))
        if not ids:
            return {}
        names, values = _several("id", ids)
        rows = self.all(f"SELECT * FROM hospitals WHERE id IN ({names})", **values)  # noqa: S608 - names made here
        found = {row["id"]: _hospital(row) for row in rows}
        return {hospital_id: found[hospital_id] for hospital_id in ids if hospital_id in found}

    def every_hospital(self) -> dict[str, Hospital]:
        """The whole register by id, ended ones too; for imports, not for pages."""
        return {row["id"]: _hospital(row) for row in self.all("SELECT * FROM hospitals ORDER BY id")}

    def hospital_history(self, hospital_id: str) -> list[tuple[str, datetime, Mapping[str, Any] | None]]:
        """What each import did to it (added, changed, ended, reopened), when, and how it stood before; oldest first."""
        rows = self.all(
            """SELECT h.happened, h.stood_before, i.imported_at
               FROM hospital_history h JOIN register_imports i ON i.number = h.import_number
               WHERE h.hospital_id = :id ORDER BY h.import_number""",
            id=hospital_id,
        )
        return [
            (row["happened"], datetime.fromisoformat(row["imported_at"]), json.loads(row["stood_before"]) if row["stood_before"] else None)
            for row in rows
        ]

    # imports

    def last_register_import(self) -> RegisterImport | None:
        row = self.one("SELECT * FROM register_imports ORDER BY number DESC LIMIT 1")
        return _register_import(row) if row else None

    def register_is_sample(self) -> bool:
        """Whether the register in force is the packaged sample or was made from it; an empty register is not."""
        last = self.last_register_import()
        return last is not None and last.sample

    def put_register(
        self,
        planned: Plan,
        done: RegisterImport,
        before: Mapping[str, Hospital],
        progress: Progress,
        provinces: Sequence[Province] = (),
        borders: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Writes the plan, its history and the index, all or nothing; `progress` is told (done, of how many).

        The index is worked out before anything is locked; raises RegisterChangedMeanwhile if another import came between.
        """
        areas = {province.code: province for province in (*self.provinces(), *provinces)}
        hospitals = in_order_of_name((dict(before) | {hospital.id: hospital for _, hospital in planned.written}).values())
        total = len(hospitals) + len(planned.written)
        index = _index_rows(
            [entry(hospital, areas[hospital.province_code]) for hospital in hospitals], lambda number: progress(number, total)
        )
        with self.transaction():
            last = self.last_register_import()
            if (last.number if last else 0) != done.number - 1:
                raise RegisterChangedMeanwhile
            if provinces:
                self.put_provinces(provinces, borders)
            self._keep_import(done)
            self._put_hospitals(planned, done.number, before, lambda number: progress(len(hospitals) + number, total))
            self.replace_hospital_index(index)
        progress(total, total)

    def _put_hospitals(self, planned: Plan, import_number: int, before: Mapping[str, Hospital], tell: Callable[[int], None]) -> None:
        written = planned.written
        for start in range(0, len(written), BATCH):
            batch = written[start : start + BATCH]
            self.run_many(PUT_HOSPITAL, [_cells(hospital) for _, hospital in batch])
            self.run_many(
                """INSERT INTO hospital_history (hospital_id, import_number, happened, stood_before)
                   VALUES (:hospital_id, :import_number, :happened, :stood_before)""",
                [_history(happened, hospital, before.get(hospital.id), import_number) for happened, hospital in batch],
            )
            tell(start + len(batch))

    def _keep_import(self, done: RegisterImport) -> None:
        self.run(
            """INSERT INTO register_imports (number, imported_at, imported_by, file_name, file_hash, sample, rows_read,
                                             added, changed, ended, reopened, unchanged)
               VALUES (:number, :imported_at, :imported_by, :file_name, :file_hash, :sample, :rows_read,
                       :added, :changed, :ended, :reopened, :unchanged)""",
            **(asdict(done) | {"imported_at": done.imported_at.isoformat(), "sample": int(done.sample)}),
        )

    # search

    def find_hospitals(self, wanted: Wanted) -> Found:
        """Hospitals in the scheme on that day, best first; a word that is found nowhere is tried by other spellings."""
        while True:  # several reads make one answer: if an import came between them, it is asked anew
            before = self._newest_import()
            found = self._find(wanted)
            if before == self._newest_import():
                return found

    def _newest_import(self) -> int | None:
        row = self.one("SELECT max(number) AS number FROM register_imports")
        return row["number"] if row else None

    def _find(self, wanted: Wanted) -> Found:
        asked = Asked(tuple((Spelling(word),) for word in query_words(wanted.text)), as_written(wanted.text))
        found = self._answer(asked, wanted)
        if found.total == 0 and asked.words:
            other = Asked(tuple(self._spellings(typed) for (typed,) in asked.words))
            if all(other.words) and other.words != asked.words:
                return self._answer(other, wanted)
        return found

    def _answer(self, asked: Asked, wanted: Wanted) -> Found:
        groups = [[province_piece(code) for code in codes] for codes in self._near(wanted)]
        owner = [owner_piece(wanted.ownership)] if wanted.ownership else []
        bits = self._bits([*pieces_asked(asked), *(piece for group in groups for piece in group), *owner])
        allowed = ~self._out_of_scheme(wanted.on)
        for piece in owner:
            allowed &= bits(piece)
        near = [allowed & in_any(group, bits) for group in groups] or [allowed]
        ranked = ranks(asked, bits)
        total = sum((ranked[-1] & group).bit_count() for group in near)
        return Found(self._hospitals_at(page(ranked, near, wanted.limit, wanted.offset)), total)

    def _near(self, wanted: Wanted) -> list[list[str]]:
        """Codes of the provinces in question, the nearest group first; none means all."""
        if wanted.province is None:
            return []
        return [[wanted.province], *([self.adjoining_provinces(wanted.province)] if wanted.adjoining else [])]

    def _bits(self, pieces: Iterable[str]) -> Bits:
        """Reads these pieces at once; a piece that no hospital holds is 0."""
        wanted = list(dict.fromkeys(pieces))
        names, values = _several("piece", wanted)
        rows = self.all(f"SELECT piece, hospitals FROM hospital_pieces WHERE piece IN ({names})", **values)  # noqa: S608 - names made here
        read = {row["piece"]: unpack(row["hospitals"]) for row in rows}
        return lambda piece: read.get(piece, 0)

    def _out_of_scheme(self, on: date) -> int:
        rows = self.all(
            """SELECT hospitals FROM hospital_days
               WHERE (bound = 'ended_on' AND day < :on) OR (bound = 'since' AND day > :on)""",
            on=on.isoformat(),
        )
        out = 0
        for row in rows:
            out |= unpack(row["hospitals"])
        return out

    def _hospitals_at(self, found: Sequence[int]) -> tuple[Hospital, ...]:
        if not found:
            return ()
        names, values = _several("place", found)
        rows = self.all(
            f"SELECT p.place, h.* FROM hospital_places p JOIN hospitals h ON h.id = p.hospital_id WHERE p.place IN ({names})",  # noqa: S608 - names made here
            **values,
        )
        by_place = {row["place"]: _hospital(row) for row in rows}
        return tuple(by_place[place] for place in found if place in by_place)

    def _spellings(self, typed: Spelling) -> tuple[Spelling, ...]:
        """The word as typed if the register holds it anywhere, else the nearest of the register's own spellings."""
        for spellings in filter(None, self._nearer_and_farther(typed)):
            asked = Asked((tuple(spellings[:MOST_SPELLINGS]),))
            bits = self._bits(pieces_asked(asked))
            held = tuple(spelling for spelling in asked.words[0] if is_met(spelling, bits))
            if held:
                return held
        return ()

    def _nearer_and_farther(self, typed: Spelling) -> Iterator[Sequence[Spelling]]:
        word = typed.letters
        yield [typed]
        if len(word) == 1:
            yield [Spelling(word, "inside")]
            return
        yield [Spelling(other) for other in respellings(word)]
        if len(word) >= SHORTEST_WITH_SLIP and not word.isdigit():
            yield _near_pieces(word, self.words_holding(intact_parts(word), MOST_WORDS))
        if len(word) >= SHORTEST_ACROSS:
            yield _near_pieces(word, self._names_like(word))
        if len(bones(word)) >= SHORTEST_BONES:
            yield [Spelling(bones(word), "thai bones" if is_thai(word) else "bones")]

    def _names_like(self, word: str) -> list[str]:
        """Names written without spaces: a slip may stand where two words meet."""
        found = places(nearly_holding(word, self._bits(pairs(word))), 0, MOST_NAMES)
        if not found:
            return []
        names, values = _several("place", found)
        rows = self.all(f"SELECT whole FROM hospital_places WHERE place IN ({names}) ORDER BY place", **values)  # noqa: S608 - names made here
        return [row["whole"] for row in rows]


def _index_rows(entries: Sequence[Entry], tell: Callable[[int], None]) -> IndexRows:
    days: dict[tuple[str, str], list[int]] = {}
    for place, each in enumerate(entries):
        for bound in ("since", "ended_on"):
            day: date | None = getattr(each.hospital, bound)
            if day:
                days.setdefault((bound, day.isoformat()), []).append(place)
    count = len(entries)
    return IndexRows(
        hospital_places=[
            {"place": place, "hospital_id": each.hospital.id, "whole": " ".join(joined(name) for name in each.names)}
            for place, each in enumerate(entries)
        ],
        hospital_pieces=[{"piece": piece, "hospitals": pack(held, count)} for piece, held in sorted(build(_told(entries, tell)).items())],
        hospital_days=[{"bound": bound, "day": day, "hospitals": pack(held, count)} for (bound, day), held in sorted(days.items())],
        hospital_words=[{"id": number, "word": word} for number, word in enumerate(distinct_words(entries), start=1)],
    )


def _told(entries: Sequence[Entry], tell: Callable[[int], None]) -> Iterator[Entry]:
    for number, each in enumerate(entries):
        if number % BATCH == 0:
            tell(number)
        yield each


def _several(name: str, values: Iterable[Any]) -> tuple[str, dict[str, Any]]:
    """`:name0, :name1 …` for an IN, and their values."""
    numbered = {f"{name}{number}": value for number, value in enumerate(values)}
    return ", ".join(f":{key}" for key in numbered), numbered


def _near_pieces(word: str, texts: Iterable[str]) -> list[Spelling]:
    pieces = (near(word, text) for text in texts)
    return [Spelling(piece) for piece in dict.fromkeys(pieces) if piece and len(piece) >= 3]


def _province(row: Row) -> Province:
    return Province(row["code"], row["admin_code"], row["name_th"], row["name_en"], row["region"])


def _hospital(row: Row) -> Hospital:
    cells = {column: row[column] for column in COLUMNS}
    for column in DAYS:
        if cells[column]:
            cells[column] = date.fromisoformat(cells[column])
    return Hospital(**cells)


def _cells(hospital: Hospital) -> dict[str, Any]:
    return {column: _iso(getattr(hospital, column)) if column in DAYS else getattr(hospital, column) for column in COLUMNS}


def _history(happened: str, hospital: Hospital, before: Hospital | None, number: int) -> dict[str, Any]:
    stood = json.dumps(_cells(before), ensure_ascii=False) if before else None
    return {"hospital_id": hospital.id, "import_number": number, "happened": happened, "stood_before": stood}


def _register_import(row: Row) -> RegisterImport:
    cells = {field.name: row[field.name] for field in fields(RegisterImport)}
    return RegisterImport(**(cells | {"imported_at": datetime.fromisoformat(row["imported_at"]), "sample": bool(row["sample"])}))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
