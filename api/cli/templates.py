"""Working examples of challenges, one file per kind in api/cli/examples: paths and the texts that belong there."""

from __future__ import annotations

from pathlib import Path

from core.exchange.slugs import BAD_SLUG, SLUG
from core.plain_yaml import BadYaml, read_yaml, write_yaml

EXAMPLES = Path(__file__).with_name("examples")
INDEX = "categories.yaml"


def template_kinds() -> list[str]:
    """The kinds that have an example."""
    return sorted(path.name.removesuffix(".yaml") for path in EXAMPLES.glob("*.yaml"))


def make_example(directory: Path, slug: str, kind: str) -> list[Path]:
    """Write the example of `kind` as the challenge `slug`, and its category where it is new; the files' paths.

    Raises ValueError for a bad slug, or one that is taken.
    """
    category, _, name = slug.partition("/")
    if not SLUG.fullmatch(category) or not SLUG.fullmatch(name):
        raise ValueError(f"Give a category and a name, such as loops/count-down. {BAD_SLUG}")
    folder = directory / category / name
    if folder.exists():
        raise ValueError(f"{folder} is there already; choose another name.")
    texts = read_yaml((EXAMPLES / f"{kind}.yaml").read_text())
    index = _with_category(directory / INDEX, category)
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    if index is not None:
        (directory / INDEX).write_text(index)
    return [*([directory / INDEX] if index is not None else []), *(folder / path for path in texts)]


def _with_category(index: Path, category: str) -> str | None:
    """The text of categories.yaml with the category added; None when it is there already."""
    text = index.read_text() if index.exists() else ""
    try:
        known = read_yaml(text) or {}
    except BadYaml as error:
        raise ValueError(f"{index}: {error} Mend it first.") from error
    if category in known:
        return None
    entry = write_yaml({category: {"name": category.replace("-", " ").capitalize()}})
    return f"{text.rstrip()}\n{entry}".lstrip()
