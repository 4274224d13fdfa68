"""Folders in memory, out of a zip, that are read as those on disk are (core.folders)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from core.folders import Folder, UnreadableFile, parts_of, text_of, too_big

Steps = tuple[str, ...]


class Tree:
    """Files by path, with what is in each folder."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = {PurePosixPath(path).parts: data for path, data in files.items()}
        self.folders: dict[Steps, dict[str, bool]] = {(): {}}
        for steps in self.files:
            for depth, name in enumerate(steps):
                is_folder = depth + 1 < len(steps)
                self.folders.setdefault(steps[:depth], {})[name] = is_folder


class TreeFolder:
    """The text files below `inside`; those that are read may have at most `budget` bytes together."""

    def __init__(self, tree: Tree, budget: int, inside: Steps = ()) -> None:
        self.tree = tree
        self.inside = inside
        self.left = self.budget = budget

    def read(self, relative: str, limit: int) -> str:
        """The UTF-8 text of the file `relative`, of at most `limit` bytes. Raises UnreadableFile."""
        steps = parts_of(relative)
        if not steps:
            raise UnreadableFile("Must name a file.")
        data = self.tree.files.get((*self.inside, *steps))
        if data is None:
            raise UnreadableFile("There is no such file.")
        if len(data) > min(limit, self.left):
            raise UnreadableFile(too_big(limit, len(data) <= limit, self.budget))
        self.left -= len(data)
        return text_of(data)

    def folders(self, relative: str = ".") -> list[str]:
        """The names of the folders in `relative`, sorted, hidden ones left out."""
        return self._names(relative, folders=True)

    def files(self, relative: str = ".") -> list[str]:
        """The names of the files in `relative`, sorted; [] when there is no such folder."""
        return self._names(relative, folders=False)

    def _names(self, relative: str, folders: bool) -> list[str]:
        inside = self.tree.folders.get((*self.inside, *parts_of(relative)), {})
        return sorted(
            n for n, is_folder in inside.items() if is_folder is folders and not n.startswith((".", "__"))
        )


Place = Path | Tree
AnyFolder = Folder | TreeFolder


def open_folder(place: Place, budget: int, inside: Steps = ()) -> AnyFolder:
    """The folder `inside` of a place on disk or in memory."""
    if isinstance(place, Tree):
        return TreeFolder(place, budget, inside)
    return Folder(place, budget, inside)
