"""YAML that means what it looks like and holds nothing that JSON cannot.

YAML 1.1, which PyYAML reads by default, turns `no` into false, `1:30` into 90 and `2026-01-01` into a date.
Here only true/false, null and decimal numbers are special (YAML 1.2); aliases are refused (a few lines of
them can unfold into gigabytes) and so are repeated keys, of which one would silently win.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from typing import Any

import yaml

_INTEGER_MAX = 2**63
# Escapes can write a NUL or half of a surrogate pair, which neither UTF-8 nor PostgreSQL stores.
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


for _name, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]{0,18})$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), list(_first))


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
