from __future__ import annotations

from graders.languages.base import Language

RUBY = Language(
    name="ruby",
    title="Ruby",
    file_name="solution.rb",
    version=("ruby", "--version"),
    run=("ruby", "solution.rb"),
    smoke="puts gets.split.sum(&:to_i)\n",
    unlimited_stack=False,
)
