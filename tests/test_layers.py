"""The layers of the design: a module imports only from layers with a smaller number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src/archiver"

# The table of ARCHITECTURE.md. A package is one module; its own files may import each other.
LAYERS = {
    "model": 0,
    "comparison": 0,
    "digests": 0,
    "boxes": 0,
    "exif": 0,
    "diagnostics": 0,
    "languages": 0,
    "plain_fields": 0,
    "times": 1,
    "urls": 1,
    "workers": 1,
    "matter": 1,
    "regular": 1,
    "signatures": 1,
    "media_types": 1,
    "bytecode": 2,
    "compiler": 1,
    "installed": 2,
    "ledger": 1,
    "pictures": 1,
    "films": 2,
    "icons": 2,
    "renditions": 2,
    "transcripts": 2,
    "seals": 2,
    "sanitize": 2,
    "names": 2,
    "svg": 2,
    "staging": 2,
    "words": 2,
    "fields": 2,
    "templates": 3,
    "files": 3,
    "embeds": 3,
    "order": 3,
    "catalogues": 4,
    "markdown": 4,
    "media": 4,
    "load": 5,
    "pages": 6,
    "importers": 7,
    "theme": 7,
    "feeds": 7,
    "sitemaps": 7,
    "search": 7,
    "dataset": 7,
    "render": 8,
    "check": 9,
    "fixity": 9,
    "audit": 9,
    "build": 10,
    "watch": 10,
    "preview": 11,
    "exports": 11,
    "serve": 12,
    "cli": 13,
    "__main__": 14,
}
MODULES = sorted(SOURCE.rglob("*.py"))


def name_module(path: Path) -> str:
    """The module of the table that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def list_imports(path: Path) -> set[str]:
    """The modules of archiver that a file imports, those inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            if node.module == "archiver":
                names = [f"archiver.{alias.name}" for alias in node.names]
            elif node.module:
                names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("archiver.")}
    return found - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_from_lower_layers(path: Path) -> None:
    module = name_module(path)
    if module == "__init__":
        assert not list_imports(path)
        return
    for imported in list_imports(path) - {module}:
        assert LAYERS[imported] < LAYERS[module], f"{module} imports {imported}"


def test_the_table_names_every_module_and_no_other() -> None:
    assert {name_module(path) for path in MODULES} - {"__init__"} == set(LAYERS)


def test_the_architecture_page_tells_the_same_table() -> None:
    page = (SOURCE.parents[1] / "ARCHITECTURE.md").read_text(encoding="utf-8")
    told: dict[str, int] = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 3 and cells[1].isdecimal():
            told |= {name.strip(" `"): int(cells[1]) for name in cells[2].split(",")}
    assert told == LAYERS


def test_only_fetching_uses_the_network() -> None:
    for path in MODULES:
        if path.parent.name != "fetching":
            found = re.findall(
                r"^\s*(?:import|from) (?:socket|ssl|httpx|httpcore|http\.client|urllib\.request)\b.*",
                path.read_text(encoding="utf-8"),
                re.MULTILINE,
            )
            assert not found, f"{path}: {found}"


def test_only_the_commands_print_exit_or_read_the_clock() -> None:
    for path in MODULES:
        if name_module(path) in ("cli", "__main__"):
            continue
        text = path.read_text(encoding="utf-8")
        for forbidden in ("print(", "sys.exit", "datetime.now", "date.today", "time.time("):
            assert forbidden not in text, f"{path} holds {forbidden}"
