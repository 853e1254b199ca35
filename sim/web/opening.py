"""Files that a user opens on the page: a baseline or a scenario, read by the same strict readers."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any, Final

from sim.provenance import FolderError
from sim.scenario import ScenarioError, parse
from sim.web.catalogue import Baseline, Catalogue
from sim.web.question import Question, asked

MOST_OPENED: Final = 50
_FOLDER: Final = "baselines"


class Opened:
    """The baselines that were opened on a page, kept in a folder so that they are there when it starts again."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder, self._catalogue = folder / _FOLDER, catalogue
        for path in sorted(self._folder.glob("*.toml")):
            # One that an older version kept, and this one would refuse, is left where it is.
            try:
                catalogue.add(path)
            except ScenarioError:
                continue

    def open(self, content: bytes) -> Question:
        """The question that a file asks: a baseline as it is, or a scenario of one that the page has.

        Raise `ScenarioError` with what is wrong, and `FolderError` where it cannot be kept.
        """
        text, tree = _tree(content)
        if "extends" in tree:
            return self._scenario(tree)
        try:
            scenario = parse(tree)
        except ScenarioError as mistake:
            raise ScenarioError(f"the file: {mistake}. A file that states no baseline says which it extends") from None
        return Question(self._kept(scenario.name, text).name)

    def _scenario(self, tree: dict[str, Any]) -> Question:
        extends = tree.pop("extends")
        tree.pop("name", None)
        for baseline in self._catalogue:
            if extends in (baseline.file.path.name, f"{baseline.name}.toml"):
                return Question(baseline.name, (asked(tree),))
        raise ScenarioError(f"extends = {str(extends)[:80]}: this page has no such baseline; open that file first")

    def _kept(self, name: str, text: str) -> Baseline:
        path = self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.toml"
        known = {baseline.name: baseline for baseline in self._catalogue}
        if name in known:
            if known[name].file.path == path:
                return known[name]
            raise ScenarioError(f"name = {name}: the page has another baseline of this name; give it one of its own")
        if sum(1 for _ in self._folder.glob("*.toml")) >= MOST_OPENED:
            raise ScenarioError(f"{MOST_OPENED} baselines have been opened here, which is the most; remove some")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(".partial")
            partial.write_text(text, encoding="utf-8", newline="\n")
            partial.replace(path)
        except OSError as error:
            raise FolderError(f"{self._folder}: cannot be written ({error.strerror})") from None
        try:
            return self._catalogue.add(path)
        except ScenarioError:
            path.unlink(missing_ok=True)
            raise


def _tree(content: bytes) -> tuple[str, dict[str, Any]]:
    """A file's text, and what it says."""
    try:
        text = content.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError:
        raise ScenarioError("the file: is not text in UTF-8; a scenario file is") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(f"the file: is not valid TOML: {error}") from None
