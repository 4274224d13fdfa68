"""YAML that means what it looks like and holds nothing that JSON cannot: read and written.

YAML 1.1, which PyYAML reads by default, turns `no` into false, `1:30` into 90 and `2026-01-01` into a date.
Here only true/false, null and decimal numbers are special (YAML 1.2); aliases are refused (a few lines of
them can unfold into gigabytes) and so are repeated keys, of which one would silently win.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable
from typing import Any

import yaml

_INTEGER_MAX = 2**63
_LINE_MAX = 90
# Escapes can write a NUL or half of a surrogate pair, which neither UTF-8 nor PostgreSQL stores.
# Other line breaks become \n in a block, white space before one or at the beginning is lost on the way.
_NOT_IN_BLOCK = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[ \t]\n|[ \t]\Z|\A\s"
)
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class BadYaml(ValueError):
    """The text is not plain YAML; the message says where and why."""


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not taken; write it out", problem_mark=mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key {key.value!r} stands twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Dumper(yaml.SafeDumper):
    """Quotes exactly what the loader would take for something else than text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent(self, data: Any) -> None:
        node = self.represent_data(data)
        if isinstance(node, yaml.CollectionNode):
            node.flow_style = not node.value
        self.serialize(node)


def _text_node(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    """A block where the text has lines and a block keeps each character of it."""
    if _NOT_IN_BLOCK.search(text):
        return '"'
    if "\n" in text.rstrip("\n"):
        return "|"
    return '"' if "\n" in text else None


def _mapping_node(dumper: _Dumper, value: dict[str, Any]) -> yaml.Node:
    return dumper.represent_mapping(
        "tag:yaml.org,2002:map", value, flow_style=_fits_a_line(value.values(), value)
    )


def _list_node(dumper: _Dumper, value: list[Any]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=_fits_a_line(value, value))


def _fits_a_line(values: Iterable[Any], whole: Any) -> bool:
    stands_alone = any(isinstance(value, dict | list) or _is_block(value) for value in values)
    return not stands_alone and len(repr(whole)) <= _LINE_MAX


def _is_block(value: Any) -> bool:
    return isinstance(value, str) and _style(value) == "|"


_Dumper.add_representer(str, _text_node)
_Dumper.add_representer(dict, _mapping_node)
_Dumper.add_representer(list, _list_node)

for _name, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]{0,18})$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), list(_first))


def read_yaml(text: str) -> Any:
    """The value of `text`: dicts with string keys, lists, strings, finite numbers, booleans, None.

    Raises BadYaml with the line, or with the path of the key, that has to be mended.
    """
    try:
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader, only stricter
    except yaml.MarkedYAMLError as error:
        raise BadYaml(_where(error)) from error
    except yaml.YAMLError as error:
        raise BadYaml(f"Is not YAML: {error}.") from error
    except RecursionError as error:
        raise BadYaml("Is nested too deeply.") from error
    except (ValueError, TypeError) as error:
        raise BadYaml(f"Holds a value that cannot be read: {error}.") from error
    _check_plain(value, "")
    return value


def write_yaml(value: Any) -> str:
    """`value`, which holds what read_yaml gives, as YAML that a person likes to edit; keys keep their order."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=110
    )


def _where(error: yaml.MarkedYAMLError) -> str:
    mark, problem = error.problem_mark, error.problem or "not YAML"
    place = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{problem}."


def _check_plain(value: Any, path: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise BadYaml(f"{path or 'Top'}: the key {key!r} must be text; put it in quotes.")
            _check_plain(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_plain(item, f"{path}.{index}".lstrip("."))
    elif not _is_scalar(value):
        raise BadYaml(f"{path or 'Top'}: must be text (without NUL), a finite number, true, false or null.")


def _is_scalar(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return -_INTEGER_MAX <= value < _INTEGER_MAX
    if isinstance(value, str):
        return not _NO_TEXT.search(value)
    return value is None
