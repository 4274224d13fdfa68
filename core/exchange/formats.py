"""The formats by name: which one something is in, and reading and writing each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

from core.content import CategoryContent, ChallengeContent, Content, Problem
from core.exchange.archive import ARCHIVE_MAX, MEGABYTE, is_zip, read_zip, write_zip
from core.exchange.creathon_reader import read_content
from core.exchange.creathon_writer import write_content
from core.exchange.gift.reader import read_gift
from core.exchange.gift.writer import write_gift
from core.exchange.jsonl import read_jsonl, write_jsonl
from core.exchange.kattis.reader import holds_package, read_kattis
from core.exchange.kattis.writer import write_kattis
from core.exchange.sheet.reader import looks_like_questions, read_csv
from core.exchange.sheet.writer import write_csv
from core.exchange.slugs import slug_of
from core.exchange.tree import Place, Tree, open_folder
from core.exchange.values import BadValue, decoded
from core.folders import UnreadableFile

TEXT_MAX = 12 * MEGABYTE
# YAML takes seconds for a quarter of a megabyte, and a zip comes over HTTP too.
YAML_MAX = MEGABYTE
INDEX = "categories.yaml"


class Format(StrEnum):
    """What challenges can be in; `creathon` is a folder of files, or a zip of it."""

    CREATHON = "creathon"
    KATTIS = "kattis"
    GIFT = "gift"
    CSV = "csv"
    JSONL = "jsonl"

    @property
    def is_folder(self) -> bool:
        return self in (Format.CREATHON, Format.KATTIS)


ENDINGS = {
    ".gift": Format.GIFT,
    ".csv": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
}
MEDIA_TYPES = {
    Format.CREATHON: "application/zip",
    Format.KATTIS: "application/zip",
    Format.GIFT: "text/plain",
    Format.CSV: "text/csv",
    Format.JSONL: "application/jsonl",
}
_TEXT_READERS: dict[Format, Callable[[str, str], Content]] = {
    Format.GIFT: read_gift,
    Format.CSV: read_csv,
    Format.JSONL: read_jsonl,
}


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody handed in: its bytes, the name that they gave it, the format where they said one."""

    data: bytes
    name: str = ""
    format: Format | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """Written challenges: files by path of a folder, or one file; and why some are not among them."""

    format: Format
    files: dict[str, bytes]
    problems: list[Problem]

    @property
    def data(self) -> bytes:
        """All of it as one file: a zip of a folder."""
        return write_zip(self.files) if self.format.is_folder else next(iter(self.files.values()), b"")

    @property
    def file_name(self) -> str:
        return "challenges.zip" if self.format.is_folder else f"challenges.{self.format}"


def read_given(given: Given) -> Content:
    """The challenges in `given`. What cannot be read at all is a problem too; nothing is raised."""
    try:
        if is_zip(given.data):
            return read_folder(_unwrapped(_unzipped(given.data)), given.name, given.format)
        return _read_text(given)
    except BadValue as error:
        return Content(problems=[Problem(given.name or "file", error.key, error.message)])


def read_path(path: Path, format: Format | None = None) -> Content:
    """The challenges in a folder or a file on disk. Raises OSError for one that cannot be read."""
    if path.is_dir():
        return read_folder(path, path.resolve().name, format)
    with path.open("rb") as file:
        return read_given(Given(file.read(ARCHIVE_MAX + 1), path.name, format))


def read_folder(place: Place, name: str, format: Format | None = None) -> Content:
    """The challenges in a folder, on disk or out of a zip."""
    if format is Format.CREATHON or (format is None and _has(place, INDEX)):
        return read_content(place)
    if format is Format.KATTIS or (format is None and holds_package(place)):
        return read_kattis(place, _slug(name))
    message = f"Holds neither {INDEX} (our own format) nor problem.yaml (a Kattis package)."
    if format:
        message = f"Is a folder, which {format} is not."
    elif _has(place, "challenge.yaml"):
        message = f"Is a single challenge; give the folder with {INDEX}, two levels above it."
    return Content(problems=[Problem(name or ".", "", message)])


def write(format: Format, categories: list[CategoryContent], challenges: list[ChallengeContent]) -> Export:
    """`challenges` in that format, as far as it can express them."""
    if format is Format.CREATHON:
        return Export(format, *write_content(categories, challenges))
    if format is Format.KATTIS:
        return Export(format, *write_kattis(challenges))
    if format is Format.GIFT:
        text, problems = write_gift(categories, challenges)
    elif format is Format.CSV:
        text, problems = write_csv(categories, challenges)
    else:
        text, problems = write_jsonl(challenges)
    return Export(format, {f"challenges.{format}": text.encode(errors="replace")} if text else {}, problems)


def placed_in(content: Content, category: CategoryContent) -> Content:
    """`content` with every challenge in that one category; what identifies them stays."""
    moved = [replace(challenge, category=category.slug) for challenge in content.challenges]
    return replace(content, categories=[category], challenges=moved)


def published(content: Content) -> Content:
    """`content` with every challenge asking to be published at once."""
    wish = {"state": "published", "publish_at": None}
    asking = [replace(challenge, body={**challenge.body, **wish}) for challenge in content.challenges]
    return replace(content, challenges=asking)


def _read_text(given: Given) -> Content:
    if len(given.data) > TEXT_MAX:
        raise BadValue("", f"Has more than {TEXT_MAX // MEGABYTE} MB; split it.")
    text = decoded(given.data)
    format = given.format or _detected(text, given.name)
    if format not in _TEXT_READERS:
        raise BadValue("", f"Is no zip, and {format} is a folder of files; send a zip of it.")
    return _TEXT_READERS[format](text, _slug(given.name))


def _detected(text: str, name: str) -> Format:
    if by_name := ENDINGS.get(PurePosixPath(name).suffix.lower()):
        return by_name
    start = text.lstrip()
    if start.startswith("{") and '"task_id"' in start[:1_000_000]:
        return Format.JSONL
    if looks_like_questions(start):
        return Format.CSV
    if "{" in start and "}" in start:
        return Format.GIFT
    raise BadValue("", f"Is in no format that is known; say which: {', '.join(Format)}.")


def _slug(name: str) -> str:
    return slug_of(PurePosixPath(name).stem or "import")


def _has(place: Place, name: str) -> bool:
    try:
        return name in open_folder(place, 0).files()
    except UnreadableFile:
        return False


def _unzipped(data: bytes) -> dict[str, bytes]:
    files = read_zip(data)
    if sum(len(text) for path, text in files.items() if path.endswith(".yaml")) > YAML_MAX:
        raise BadValue("", f"Holds more than {YAML_MAX // MEGABYTE} MB of YAML; split it.")
    return files


def _unwrapped(files: dict[str, bytes]) -> Tree:
    """The tree of a zip, without the one folder that many programs put around everything."""
    kept = {path: data for path, data in files.items() if not path.startswith("__MACOSX/")}
    tops = {path.partition("/")[0] for path in kept}
    if len(tops) == 1 and all("/" in path for path in kept):
        inner = {path.partition("/")[2]: data for path, data in kept.items()}
        # The folder of a single Kattis package stays: its name is the problem's.
        if INDEX in inner or not holds_package(Tree(kept)):
            return Tree(inner)
    return Tree(kept)
