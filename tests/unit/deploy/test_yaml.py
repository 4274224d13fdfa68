import pytest
from yamllint import linter
from yamllint.config import YamlLintConfig

from deploy.local.places import CHECKOUT
from tests.support.deployment import yaml_files

RULES = """
extends: default
rules:
  document-start: disable
  line-length: {max: 130}
  comments: {min-spaces-from-content: 1}
"""


@pytest.mark.parametrize("path", yaml_files(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_yamllint_finds_nothing(path):
    assert [str(problem) for problem in linter.run(path.read_text(), YamlLintConfig(RULES), str(path))] == []
