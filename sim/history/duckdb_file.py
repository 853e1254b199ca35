"""Tables of a DuckDB file, for whoever has the `duckdb` package: nothing else needs it."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from sim.history.tables import ExtractError, Rows, as_text

try:
    import duckdb
except ImportError:  # pragma: no cover  (tests always have it)
    duckdb = None  # type: ignore[assignment]

_MAGIC, _MAGIC_AT = b"DUCK", 8
_CHUNK_ROWS = 10_000


def is_duckdb(path: Path) -> bool:
    """Whether a file is a DuckDB database, by the mark that such files bear."""
    with path.open("rb") as file:
        return file.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC


def duckdb_headings(path: Path) -> dict[str, list[str]]:
    """The columns of every table and view of a DuckDB file, by its name."""
    with closing(_connection(path)) as connection:
        query = "SELECT table_name, column_name FROM information_schema.columns ORDER BY table_name, ordinal_position"
        found: dict[str, list[str]] = {}
        for table, column in connection.execute(query).fetchall():
            found.setdefault(table, []).append(column)
        return found


def duckdb_rows(path: Path, table: str, headings: Sequence[str]) -> Rows:
    """The rows of one table of a DuckDB file, which is only read."""
    return Rows(f"{path.name}, table {table}", headings, _numbered(path, table))


def _numbered(path: Path, table: str) -> Iterator[tuple[int, Sequence[str | None]]]:
    number = 2
    with closing(_connection(path)) as connection:
        try:
            connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (a table listed by the file itself)
            while chunk := connection.fetchmany(_CHUNK_ROWS):
                for row in chunk:
                    yield number, [as_text(cell) for cell in row]
                    number += 1
        except duckdb.Error as error:
            raise ExtractError(f"{path.name}, table {table}: the file is damaged and cannot be read") from error


def _connection(path: Path) -> "duckdb.DuckDBPyConnection":
    if duckdb is None:
        raise ExtractError(
            f"{path.name} is a DuckDB file, and the package that reads those is not installed: "
            "pip install duckdb, or export its tables as CSV"
        )
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise ExtractError(f"{path.name}: the DuckDB file cannot be opened: damaged, newer, or in use") from error
