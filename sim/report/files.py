"""A comparison as files in a folder."""

from collections.abc import Mapping
from pathlib import Path

from sim.experiment import Comparison
from sim.experiment.grounds import Grounds
from sim.report import result_file
from sim.report.data import csv_text
from sim.report.tables import tables


def write(
    comparison: Comparison, folder: Path, record_summary: Mapping[str, str], grounds: Grounds | None = None
) -> list[Path]:
    """Write the tables, the workbook, the page and the figures into a folder that exists; gives their paths.

    With `grounds` also the file from which the comparison can be read again.

    `record_summary` is shown under "run details", in its order; its `run` names the run at the foot of each figure,
    and a `start` is told there.
    """
    # Here and not above: matplotlib and openpyxl take half a second to import, in every worker process too.
    from sim.report.figures import figures, png  # noqa: PLC0415
    from sim.report.page import page  # noqa: PLC0415
    from sim.report.workbook import workbook  # noqa: PLC0415

    pictures = figures(comparison, record_summary)
    contents = {f"{table.name}.csv": csv_text(table).encode() for table in tables(comparison)}
    contents["comparison.xlsx"] = workbook(comparison, record_summary)
    contents["summary.html"] = page(comparison, pictures, record_summary).encode()
    contents |= {f"{picture.name}.png": png(picture) for picture in pictures}
    if grounds is not None:
        contents[result_file.NAME] = result_file.content(comparison, grounds, record_summary["run"])
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]
