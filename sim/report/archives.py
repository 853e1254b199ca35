"""Archives of office programs with no trace of when and where they were written: the same content is the same bytes."""

import io
import re
from datetime import datetime
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_ZIP_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
NO_MOMENT: Final = datetime(2000, 1, 1)  # noqa: DTZ001  (the formats hold no zone)


def timeless(content: bytes, modified: datetime = NO_MOMENT) -> bytes:
    """The same archive, said to be modified at one moment, whenever it was."""
    moment = modified.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(file, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _ZIP_MOMENT)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + moment, data)
            target.writestr(entry, data)
    return file.getvalue()
