"""The independent judges of what a site says to machines; what each returns are faults."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import FormatChecker
from jsonschema.validators import validator_for
from selectolax.lexbor import LexborHTMLParser

from archiver.dataset import SCHEMA, SCHEMA_FILE
from atom import judge_atom

__all__ = [
    "SCHEMA",
    "SCHEMA_FILE",
    "judge_data",
    "judge_feeds",
    "judge_linked_data",
    "judge_sitemaps",
]

HERE = Path(__file__).resolve().parent
# schema.org in TypeScript knows these kinds of pages, and no other is made.
KINDS = ("LiveBlogPosting", "BlogPosting")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def _is_address(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return bool(_MOMENT.fullmatch(value) and datetime.fromisoformat(value))


FORMATS = FormatChecker(formats=())
FORMATS.checkers["uri"] = (_is_address, ())
FORMATS.checkers["date-time"] = (_is_moment, ValueError)


def judge_feeds(site: Path, tools: Path) -> list[str]:
    """Atom by the RFC, and JSON Feed by a schema of its own community."""
    schema = json.loads(
        (tools / "node_modules/jsonfeed-schema/schema-v1.1.json").read_text(encoding="utf-8")
    )
    found: list[str] = []
    for path in _list_files(site, "feed.xml"):
        found += [f"{path}: {fault}" for fault in judge_atom((site / path).read_bytes())]
    for path in _list_files(site, "feed.json"):
        found += [f"{path}: {fault}" for fault in judge_json(_read(site / path), schema)]
    return found


def judge_data(site: Path) -> list[str]:
    """Every `coverage.json` by the schema that it names."""
    found: list[str] = []
    for path in _list_files(site, "coverage.json"):
        data = _read(site / path)
        schema = _read((site / path).parent / data["$schema"])
        found += [f"{path}: {fault}" for fault in judge_json(data, schema)]
    return found


def judge_json(data: Any, schema: Any) -> list[str]:
    """In what data is not as a JSON Schema says."""
    judge = validator_for(schema)(schema, format_checker=FORMATS)
    return [f"{error.json_path}: {error.message[:200]}" for error in judge.iter_errors(data)]


def judge_sitemaps(site: Path, tools: Path) -> list[str]:
    """Sitemaps by the schema of sitemaps.org; where there are some, they list all pages but few."""
    schemas = {
        "urlset": tools / "node_modules/sitemap/schema/sitemap.xsd",
        "sitemapindex": HERE / "judges/siteindex.xsd",
    }
    paths = [path for path in site.rglob("*.xml") if path.name.startswith("sitemap")]
    found: list[str] = []
    for path in sorted(paths):
        text = path.read_text(encoding="utf-8")
        kind = "urlset" if "<urlset" in text else "sitemapindex"
        done = _run(["xmllint", "--noout", "--nonet", "--schema", f"{schemas[kind]}", f"{path}"])
        found += [] if done.returncode == 0 else done.stderr.splitlines()
    return found


def judge_linked_data(site: Path, tools: Path, pages: Iterable[str], folder: Path) -> list[str]:
    """The JSON-LD of pages by the types of `schema-dts`, as strictly as TypeScript can."""
    lines = ['import type { WithContext, LiveBlogPosting, BlogPosting } from "schema-dts";']
    where: dict[int, str] = {}
    for path, data in _list_data(site, pages):
        kind = json.loads(data).get("@type")
        if kind not in KINDS:
            return [f"{path}: it is a {kind}"]
        lines.append(f"export const data{len(lines)}: WithContext<{kind}> = {data};")
        where[len(lines)] = path
    folder.mkdir(parents=True, exist_ok=True)
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(tools / "node_modules")
    (folder / "data.ts").write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = {"strict": True, "noEmit": True, "skipLibCheck": True, "types": []}
    project = {"compilerOptions": options, "files": ["data.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
    program = tools / "node_modules/typescript/bin/tsc"
    done = _run(["node", f"{program}", "--pretty", "false"], folder)
    if done.returncode == 0:
        return []
    return [
        re.sub(r"^data\.ts\((\d+),.*?\)", lambda match: where.get(int(match[1]), "?"), line)[:300]
        for line in done.stdout.splitlines()
    ]


def _list_data(site: Path, pages: Iterable[str]) -> Iterator[tuple[str, str]]:
    for path in pages:
        tree = LexborHTMLParser((site / path).read_bytes())
        for node in tree.css("script[type='application/ld+json']"):
            yield path, node.text()


def _list_files(site: Path, name: str) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob(name))


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _run(command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
