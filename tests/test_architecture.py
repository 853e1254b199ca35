"""What the layout promises, read from the source: layers, rooms, budgets, manners, locks.

Each check takes the root of a tree and yields one sentence a violation, so that a planted one can show that it looks.
"""

import ast
import graphlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

# From the top down. A module may import its own layer and those below it.
LAYERS = (
    ("cli", "web", "notebooks"),
    ("report",),
    ("calibration", "sweep", "published", "bundle"),
    ("experiment",),
    ("provenance",),
    ("model", "measures", "history"),
    ("world", "events", "facts", "randomness", "policies"),
    ("scenario",),
    ("counts",),
    ("working_time", "distributions", "philox"),
    ("gammas",),
    ("kept",),
)
DEPTH = {name: depth for depth, layer in enumerate(LAYERS) for name in layer}
# A measure must not be able to tell a simulation from a history, nor the model know how it will be measured.
STRANGERS = frozenset({"model", "measures", "history"})
# `sim/__init__.py` and `python -m sim` stand above all layers.
ABOVE_ALL = frozenset({"", "__main__"})

ROOMS = {
    "distributed": {"experiment"},
    "docx": {"report"},
    "duckdb": {"history"},
    "holidays": {"working_time"},
    "jinja2": {"report"},
    "matplotlib": {"report"},
    "numba": {"model", "kept", "philox"},
    "packaging": {"bundle"},
    "openpyxl": {"report", "history"},
    "pandas": {"notebooks"},
    "polars": {"history", "notebooks", "report", "provenance", "sweep"},
    "pydantic": {"scenario", "provenance", "distributions"},
    "rich": {"report", "cli"},
    "simpy": {"model"},
    "starlette": {"web"},
    "typst": {"report"},
    "uvicorn": {"web"},
}

# A salt must not be drawn again by anybody: the one chance that has no key.
UNKEYED = "sim.history.pseudonyms"

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 40  # docstring apart; the habit is 25 and a median near 6
UNFINISHED = re.compile("|".join(word.upper() for word in ("todo", "fixme")))
GLOBAL_CHANCE = re.compile(r"(np|numpy)\.random\.(?!default_rng\b)[a-z]\w*|.*\.rvs")
LOCKED = re.compile(r"[\w.-]+==\S+(?: ; .+?)?(?:\s+--hash=sha256:[0-9a-f]{64})+")

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITION = (*FUNCTION, ast.ClassDef)


class Module(NamedTuple):
    """A source file of the package: its dotted name, the room it is in ("" for the package itself) and its syntax."""

    name: str
    room: str
    tree: ast.Module


def room_of(dotted: str) -> str:
    """`sim.model.team` is in `model`."""
    return dotted.split(".")[1] if "." in dotted else ""


@cache
def modules(root: Path) -> tuple[Module, ...]:
    """Every module, read once: the tree of a test is written before it is looked at, and stays as it is."""
    return tuple(_read(root))


def _read(root: Path) -> Iterator[Module]:
    for path in sorted((root / "sim").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(name, room_of(name), ast.parse(path.read_text(encoding="utf-8"), str(path)))


@cache
def nodes(root: Path) -> tuple[tuple[Module, ast.AST], ...]:
    return tuple((module, node) for module in modules(root) for node in ast.walk(module.tree))


def imported(module: Module) -> Iterator[str]:
    """Dotted names of what is imported anywhere in the module, in functions and for types alike."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(origin), names=names, level=0):
                yield from (f"{origin}.{alias.name}" for alias in names)
            case ast.ImportFrom():
                yield "sim.(a relative name)"
            case _:
                pass


def imported_here(module: Module) -> Iterator[str]:
    """The part of `imported` that is ours. The version is nobody's: anyone may read it."""
    return (name for name in imported(module) if name.split(".")[0] == "sim" and name != "sim.__version__")


def imports_point_down(root: Path) -> Iterator[str]:
    for module in modules(root):
        if module.room in DEPTH:
            for name in imported_here(module):
                room = room_of(name)
                strangers = room != module.room and {room, module.room} <= STRANGERS
                if strangers or DEPTH.get(room, -1) < DEPTH[module.room]:
                    yield f"{module.name} imports {name}, which is not below it"


def every_module_has_a_layer(root: Path) -> Iterator[str]:
    for module in modules(root):
        if module.room not in DEPTH and module.room not in ABOVE_ALL:
            yield f"{module.name} is in no layer: give it a place in LAYERS"


def imports_make_no_circle(root: Path) -> Iterator[str]:
    known = {module.name: module for module in modules(root)}

    def owner(name: str) -> str:
        return name if name in known else name.rpartition(".")[0]

    graph = {name: {owner(other) for other in imported_here(module)} - {"sim"} for name, module in known.items()}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield " imports ".join(reversed(error.args[1]))


def libraries_stay_in_their_rooms(root: Path) -> Iterator[str]:
    for module in modules(root):
        for name in imported(module):
            rooms = ROOMS.get(name.split(".")[0])
            if rooms is not None and module.room not in rooms:
                yield f"{module.name} imports {name}, which only {', '.join(sorted(rooms))} may"


def nothing_prints(root: Path) -> Iterator[str]:
    for module, node in nodes(root):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            yield f"{module.name}:{node.lineno} prints"


def no_function_takes_just_anything(root: Path) -> Iterator[str]:
    for module, node in nodes(root):
        if isinstance(node, FUNCTION) and node.args.kwarg is not None:
            yield f"{module.name}.{node.name} takes **{node.args.kwarg.arg}: name what it takes"


def functions_are_short(root: Path) -> Iterator[str]:
    for module, node in nodes(root):
        if isinstance(node, FUNCTION):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (node.end_lineno or 0) - (body[0].lineno if body else node.lineno) + 1
            if lines > MOST_FUNCTION_LINES:
                yield f"{module.name}.{node.name} has {lines} lines; at most {MOST_FUNCTION_LINES}"


def files_are_short(root: Path) -> Iterator[str]:
    for path in (path for folder in ("sim", "tests") for path in sorted((root / folder).rglob("*.py"))):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_FILE_LINES:
            yield f"{path.relative_to(root)} has {lines} lines; at most {MOST_FILE_LINES}"


def nothing_is_left_for_later(root: Path) -> Iterator[str]:
    folders = ("sim", "tests", "scenarios", "notebooks")
    written = [path for folder in folders for path in (root / folder).rglob("*")] + list(root.iterdir())
    for path in sorted(path for path in written if path.suffix in {".py", ".md", ".toml", ".ipynb", ".j2", ".html"}):
        if found := UNFINISHED.search(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(root)} says {found[0]}"


def all_chance_is_keyed(root: Path) -> Iterator[str]:
    for module in modules(root):
        for name in imported(module):
            is_secret = name.split(".")[0] == "secrets" and module.name != UNKEYED
            if is_secret or name.split(".")[0] == "random" or GLOBAL_CHANCE.fullmatch(name):
                yield f"{module.name} imports {name}, whose chance has no key"
    for module, node in nodes(root):
        unseeded = isinstance(node, ast.Call) and re.search(r"\bdefault_rng\(\)$", ast.unparse(node))
        if unseeded or (isinstance(node, ast.Attribute) and GLOBAL_CHANCE.fullmatch(ast.unparse(node))):
            yield f"{module.name} uses {ast.unparse(node)}, whose chance has no key"


def notebooks_only_show(root: Path) -> Iterator[str]:
    for path in sorted((root / "notebooks").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                python = re.sub(r"^\s*[%!].*$", "", "".join(cell["source"]), flags=re.MULTILINE)
                for node in ast.walk(ast.parse(python, str(path))):
                    if isinstance(node, DEFINITION):
                        yield f"{path.name} defines {node.name}: it belongs in sim"


def modules_say_what_they_are(root: Path) -> Iterator[str]:
    for module in modules(root):
        if not ast.get_docstring(module.tree):
            yield f"{module.name} has no docstring"


def what_is_public_says_what_it_is(root: Path) -> Iterator[str]:
    for module, node in nodes(root):
        if isinstance(node, ast.Module | ast.ClassDef):
            for child in node.body:
                if isinstance(child, DEFINITION) and child.name[0] != "_" and not ast.get_docstring(child):
                    yield f"{module.name}: {child.name} has no docstring"


def lock_lines(root: Path, name: str = "*") -> Iterator[tuple[str, str]]:
    """Each file name and requirement of the lock, its hashes joined to it."""
    for path in sorted((root / "requirements").glob(f"{name}.txt")):
        for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
            if line.strip() and not line.startswith("#"):
                yield path.name, line


def locks_are_hashed_and_name_no_address(root: Path) -> Iterator[str]:
    for name, line in lock_lines(root):
        if not LOCKED.fullmatch(line):
            yield f"{name}: {line[:60]} is not one version with its hashes"
    for path in sorted((root / "requirements").glob("*")):
        if "://" in path.read_text(encoding="utf-8"):
            yield f"{path.name} holds an address"


def locks_cover_what_is_declared(root: Path) -> Iterator[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = {line.split(";")[0].split()[0] for _, line in lock_lines(root, "runtime")}
    test = {line.split(";")[0].split()[0] for _, line in lock_lines(root, "test")}
    build = {line.split(";")[0].split()[0] for _, line in lock_lines(root, "build")}
    for name, pins in (("runtime.txt", runtime), ("build.txt", build)):
        yield from (f"test.txt does not hold {pin} as {name} does" for pin in pins - test)
    for declared, pins in ((project["dependencies"], runtime), (project["optional-dependencies"]["test"], test)):
        names = {pin.split("==")[0] for pin in pins}
        yield from (f"{name} is not locked" for name in declared if re.split(r"[^\w.-]", name)[0] not in names)


def the_version_is_one(root: Path) -> Iterator[str]:
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    for name, line in (("sim/__init__.py", f'__version__ = "{version}"'), ("CITATION.cff", f"version: {version}")):
        if line not in (root / name).read_text(encoding="utf-8").splitlines():
            yield f"{name} does not say {line}"


Check = Callable[[Path], Iterator[str]]

PLAIN = '"""Says what it is."""\n'
PROJECT = '[project]\nversion = "1"\ndependencies = ["numpy>=2"]\noptional-dependencies.test = ["pytest"]\n'
CITATION = "version: 1\n"
PINNED = f"numpy==2.0 \\\n    --hash=sha256:{'0' * 64}\n"


def notebook(source: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": [source]}]})


# What each check must find, one tree a row.
PLANTED: list[tuple[Check, Mapping[str, str]]] = [
    (imports_point_down, {"sim/policies.py": "from sim.model.team import Team"}),
    (imports_point_down, {"sim/scenario.py": "def late():\n    import sim.world"}),
    (imports_point_down, {"sim/measures/waits.py": "from sim import history"}),
    (imports_point_down, {"sim/experiment.py": "from sim import Scenario"}),
    (imports_point_down, {"sim/working_time.py": "from sim.scenario import Scenario"}),
    (imports_point_down, {"sim/working_time.py": "from . import scenario"}),
    (every_module_has_a_layer, {"sim/utils.py": PLAIN}),
    (imports_make_no_circle, {"sim/model/a.py": "from sim.model.b import x", "sim/model/b.py": "import sim.model.a"}),
    (libraries_stay_in_their_rooms, {"sim/measures/waits.py": "import simpy"}),
    (libraries_stay_in_their_rooms, {"sim/cli.py": "from matplotlib import pyplot"}),
    (nothing_prints, {"sim/cli.py": "print('done')"}),
    (no_function_takes_just_anything, {"sim/world.py": "def draw(**options): ..."}),
    (functions_are_short, {"sim/world.py": "def draw():\n" + "    x = 1\n" * (MOST_FUNCTION_LINES + 1)}),
    (files_are_short, {"sim/world.py": "x = 1\n" * (MOST_FILE_LINES + 1)}),
    (files_are_short, {"tests/test_world.py": "x = 1\n" * (MOST_FILE_LINES + 1)}),
    (nothing_is_left_for_later, {"README.md": "todo".upper()}),
    (nothing_is_left_for_later, {"sim/world.py": f"# {'fixme'.upper()} one day"}),
    (all_chance_is_keyed, {"sim/world.py": "import random"}),
    (all_chance_is_keyed, {"sim/world.py": "from numpy.random import normal"}),
    (all_chance_is_keyed, {"sim/world.py": "x = np.random.normal()"}),
    (all_chance_is_keyed, {"sim/world.py": "x = np.random.default_rng()"}),
    (all_chance_is_keyed, {"sim/world.py": "x = scipy.stats.norm.rvs(size=3)"}),
    (notebooks_only_show, {"notebooks/a.ipynb": notebook("%matplotlib inline\ndef tidy(): ...")}),
    (modules_say_what_they_are, {"sim/world.py": "x = 1"}),
    (what_is_public_says_what_it_is, {"sim/world.py": f"{PLAIN}def draw(): ..."}),
    (what_is_public_says_what_it_is, {"sim/world.py": f"{PLAIN}class A:\n    {PLAIN}\n    def draw(self): ..."}),
    (locks_are_hashed_and_name_no_address, {"requirements/a.txt": "numpy==2.0"}),
    (locks_are_hashed_and_name_no_address, {"requirements/a.txt": f"# https://mirror\n{PINNED}"}),
    (locks_cover_what_is_declared, {"pyproject.toml": PROJECT, "requirements/test.txt": PINNED}),
    (locks_cover_what_is_declared, {"pyproject.toml": PROJECT, "requirements/runtime.txt": PINNED}),
    (the_version_is_one, {"pyproject.toml": PROJECT, "sim/__init__.py": PLAIN, "CITATION.cff": CITATION}),
]
CHECKS = list(dict.fromkeys(check for check, _ in PLANTED))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_project_keeps_its_promises(check: Check) -> None:
    assert list(check(ROOT)) == []


@pytest.mark.parametrize(("check", "files"), PLANTED)
def test_a_planted_violation_is_found(check: Check, files: Mapping[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    assert list(check(tmp_path))


def test_the_package_is_there_to_be_checked() -> None:
    assert modules(ROOT)[0].name == "sim"
