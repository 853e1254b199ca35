"""What identifies anybody leaves the extract by no way out: files of every kind, screen, errors, logs."""

import html
import json
import logging
import struct
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from sim import cli
from sim.history.writing import WRITERS
from tests.history.planting import SECRETS, planted, planted_staff

PNG = b"\x89PNG\r\n\x1a\n"
BORN = date(2011, 5, 6)
BIRTHS = ("2011-05-06", "06/05/2011", "6 May 2011", "6/5/2011")


def texts(path: Path) -> Iterator[str]:
    """All that a file says, in whatever way it says it."""
    content = path.read_bytes()
    yield path.name
    yield content.decode("utf-8", errors="replace")
    yield content.decode("utf-16-le", errors="replace")
    match path.suffix:
        case ".html":
            yield html.unescape(content.decode())
        case ".json":
            yield json.dumps(json.loads(content), ensure_ascii=False)
        case ".parquet":
            yield from (str(cell) for row in pl.read_parquet(path).iter_rows() for cell in row)
        case ".png":
            yield from (text.decode("latin-1") for text in png_texts(content))
        case _:
            pass


def png_texts(content: bytes) -> Iterator[bytes]:
    """Every chunk of a PNG that is no pixels, and what is compressed in it."""
    assert content.startswith(PNG)
    place = len(PNG)
    while place < len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        chunk = content[place + 8 : place + 8 + length]
        place += 12 + length
        if kind != b"IDAT":
            yield kind + chunk
        if kind in {b"zTXt", b"iTXt"}:
            yield zlib.decompressobj().decompress(chunk[chunk.index(b"\0") + 2 :])


def given_away(said: Iterator[str] | list[str]) -> set[str]:
    """Which secrets are in what is said, in any case, with or without the spaces."""
    found = set()
    for text in said:
        folded = text.casefold()
        found |= {name for name, secret in SECRETS.items() if secret.casefold() in folded}
        found |= {birth for birth in BIRTHS if birth.casefold() in folded}
        # A time of day or a size may have ten digits too, so only whole numbers count.
        found |= {"nhs number as a number"} if folded.strip() == SECRETS["nhs number plain"] else set()
    return found


@pytest.mark.parametrize(
    "form", [form if form == "journeys" else pytest.param(form, marks=pytest.mark.slow) for form in WRITERS]
)
def test_all_is_planted_in_the_extract_and_nothing_of_it_comes_out_by_any_way(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    extract = planted(form, tmp_path / "extract")
    assert given_away(what_is_in(form, extract)) >= {*SECRETS, "2011-05-06"}
    posts, absence = planted_staff(tmp_path)
    staff = ["--staff", str(posts), "--absence", str(absence)]
    asked = ["observe", str(extract), *staff, "--out", str(tmp_path / "run")]
    refused = cli.main([*asked, "--most-refused", "0.0001"])
    told = capsys.readouterr()
    code = cli.main([*asked, "--most-refused", "1"])
    shown = capsys.readouterr()

    assert (refused, code) == (2, 0), (told.err, shown.err)
    assert given_away([told.out, told.err, shown.out, shown.err, caplog.text]) == set()
    written = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert {path.suffix for path in written} >= {".html", ".json", ".csv", ".parquet", ".png", ".txt"}
    found = {path.name: given_away(texts(path)) for path in written}
    # A birth date in the place of a referral's date is one, as far as anybody can tell; events are dated, and stay.
    found["log.json"] -= {*BIRTHS}
    assert {name: secrets for name, secrets in found.items() if secrets} == {}


def what_is_in(form: str, extract: Path) -> list[str]:
    """All that an extract says, before it is read."""
    files = [extract] if extract.is_file() else sorted(extract.iterdir())
    if form == "annex-a":
        return [str(cell) for sheet in _sheets(files[0]) for cell in sheet]
    return [html.unescape(path.read_text(encoding="utf-8")) for path in files]


def _sheets(path: Path) -> Iterator[list[object]]:
    for sheet in pl.read_excel(path, sheet_id=0, engine="openpyxl", infer_schema_length=0).values():
        yield [cell for row in sheet.iter_rows() for cell in row]


def test_a_planted_text_is_found_wherever_it_is_looked_for(tmp_path: Path) -> None:
    """The look itself is tried: in escaped HTML, JSON, the words of a PNG and a column of Parquet."""
    secret = SECRETS["notes"]
    (tmp_path / "a.html").write_text(html.escape(secret), encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"é": secret}), encoding="utf-8")
    pl.DataFrame({"note": [secret]}).write_parquet(tmp_path / "a.parquet")
    chunk = b"zTXt" + b"Comment\0\0" + zlib.compress(secret.encode())
    (tmp_path / "a.png").write_bytes(
        PNG + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )

    assert [given_away(texts(path)) for path in sorted(tmp_path.iterdir())] == [{"notes"}] * 4
