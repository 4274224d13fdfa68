"""The LaTeX that problem statements are written in, as Markdown: the usual commands, all else as it stands."""

from __future__ import annotations

import re

_NAME = re.compile(r"\\problemname\{([^{}]{1,300})\}")
_COMMANDS = (
    (re.compile(r"\\(?:sub)*section\*?\{([^{}]*)\}"), r"\n## \1\n"),
    (re.compile(r"\\(?:textbf|bf)\{([^{}]*)\}"), r"**\1**"),
    (re.compile(r"\\(?:emph|textit|it)\{([^{}]*)\}"), r"*\1*"),
    (re.compile(r"\\(?:texttt|tt|verb)\{([^{}]*)\}"), r"`\1`"),
    (re.compile(r"\\url\{([^{}]*)\}"), r"<\1>"),
    (re.compile(r"\\begin\{(?:itemize|enumerate)\}|\\end\{(?:itemize|enumerate)\}"), "\n"),
    (re.compile(r"[ \t]*\\item\b[ \t]*"), "- "),
    (re.compile(r"\\begin\{verbatim\}\n?|\n?\\end\{verbatim\}"), "\n```\n"),
    (re.compile(r"(?<!\\)~"), " "),
    (re.compile(r"``|''"), '"'),
    (re.compile(r"\\([%&#_])"), r"\1"),
    (re.compile(r"\\\\[ \t]*\n"), "  \n"),
    (re.compile(r"\n{3,}"), "\n\n"),
)


def name_in(tex: str) -> str:
    r"""The title that \problemname gives, or ""."""
    match = _NAME.search(tex)
    return match[1].strip() if match else ""


def latex_as_markdown(tex: str) -> str:
    """The statement in Markdown; formulas stay between dollars."""
    text = _NAME.sub("", tex)
    text = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("%"))
    for pattern, replacement in _COMMANDS:
        text = pattern.sub(replacement, text)
    return text.strip()
