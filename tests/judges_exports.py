"""The judges of exports: epubcheck, wacz validate and reprotest, over archives of many kinds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from book import Book
from browsing.sites import build_awkward

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CAPTURES = HERE / "captures"
IMPORTED = {
    "guardian": CAPTURES / "guardian-model/model.json",
    "bbc": CAPTURES / "bbc-lx/payload-and-page.html",
    "philae": CAPTURES / "24liveblog/philae.json",
}
BASE_URL = "https://archive.example/"
Run = Callable[[list[str]], list[str]]
# What must not change a byte. The host, the users and the kernel would ask for more than a container has.
VARIED = "environment,home,locales,timezone,umask,exec_path,build_path"
# It is started for each book: what pays in a long run costs more here than the judging.
JAVA = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar"]
ARCHIVER = [sys.executable, "-m", "archiver"]


def make_archives(folder: Path) -> list[Path]:
    """The repository's own archive, one that was imported, the golden one and the awkward one."""
    own, imported, golden = folder / "own", folder / "imported", folder / "golden"
    shutil.copytree(ROOT / "content", own / "content")
    Book(golden, (HERE / "golden/everything/archive.txt").read_text(encoding="utf-8"))
    (imported / "content").mkdir(parents=True)
    (imported / "content/site.md").write_text("---\ntitle: Imported\n---\n", encoding="utf-8")
    for name, source in IMPORTED.items():
        into = f"content/{name}"
        command = [*ARCHIVER, "import", str(source), "--into", into, "--timezone", "Europe/London"]
        subprocess.run(command, cwd=imported, check=True, capture_output=True)
    build_awkward(folder / "strange")
    return [own, imported, golden, folder / "strange/root"]


def list_coverages(archive: Path) -> Iterator[str]:
    """The coverages of an archive."""
    return (path.parent.name for path in sorted((archive / "content").glob("*/coverage.md")))


def export(archive: Path, form: str, target: Path, *arguments: str) -> Path:
    """An export of an archive."""
    command = [*ARCHIVER, "export", form, *arguments, "--root", str(archive)]
    subprocess.run([*command, "--output", str(target)], check=True, capture_output=True)
    return target


def judge_books(jar: Path, archives: list[Path], folder: Path, run: Run) -> list[str]:
    """What epubcheck finds in a book of each coverage, be it a hint."""
    faults = []
    for number, archive in enumerate(archives):
        for slug in list_coverages(archive):
            book = export(archive, "epub", folder / f"{number}-{slug}.epub", slug)
            faults += run(
                ["java", "-jar", str(jar), "--failonwarnings", "--usage", "-q", str(book)]
            )
    return faults


def judge_packages(tool: Path, archives: list[Path], folder: Path, run: Run) -> list[str]:
    """What `wacz validate` finds in a package of each archive."""
    faults = []
    for number, archive in enumerate(archives):
        target = folder / f"{number}.wacz"
        export(archive, "wacz", target, "--base-url", BASE_URL)
        faults += run([str(tool), "validate", "-f", str(target)])
    return faults


def judge_control(jar: Path, tool: Path, folder: Path, run: Run) -> list[str]:
    """Whether these judges see what is broken."""
    broken = folder / "broken.zip"
    shutil.make_archive(str(broken.with_suffix("")), "zip", CAPTURES / "archiver")
    epub, wacz = broken.with_suffix(".epub"), broken.with_suffix(".wacz")
    shutil.copyfile(broken, epub)
    broken.rename(wacz)
    judges = ([*JAVA, str(jar), "-q", str(epub)], [str(tool), "validate", "-f", str(wacz)])
    return [f"{judge[0]} finds nothing wrong with a zip" for judge in judges if not run(judge)]


def judge_reproduced(archive: Path, run: Run) -> list[str]:
    """Whether the build and all exports are the same bytes in another environment."""
    slug = next(list_coverages(archive))
    command = f"{sys.executable} -m archiver"
    steps = [
        f"{command} build",
        "mkdir out",
        "tar --sort=name --mtime=@0 --owner=0 --group=0 --mode=u=rwX,go=rX -cf out/build.tar build",
        f"{command} export bag -o out/kept.bag",
        f"{command} export bag -o out/bag.tar",
        f"{command} export bag -o out/bag.zip",
        f"{command} export warc --base-url {BASE_URL} -o out/site.warc.gz",
        f"{command} export wacz --base-url {BASE_URL} -o out/site.wacz",
        f"{command} export epub {slug} -o out/book.epub",
        f"{command} export csv -o out/table.csv",
        f"{command} export markdown {slug} -o out/text.md",
    ]
    tool = ["reprotest", "--min-cpus", "1", f"--variations={VARIED}", "-s", str(archive)]
    return run([*tool, " && ".join(steps), "out/*"])


def install_wacz(folder: Path) -> Path:
    """The validator of WACZ in an environment of its own: it brings many libraries."""
    tool = folder / "bin/wacz"
    pins = HERE / "judges/requirements.txt"
    done = folder / "installed.txt"
    if not done.is_file() or done.read_bytes() != pins.read_bytes():
        print("Installing wacz ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin/python"), "-m", "pip", "--disable-pip-version-check", "-q"]
        # surt, of all of them, must be built.
        only = ["--only-binary", ":all:", "--no-binary", "surt"]
        command = [*pip, "install", "--require-hashes", *only, "-r", str(pins)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        shutil.copyfile(pins, done)
    return tool


def has_reprotest() -> bool:
    """Whether it is there; in CI it must be."""
    return shutil.which("reprotest") is not None or bool(os.environ.get("CI"))
