"""Markdown as the LaTeX of problem statements: headings, lists, code, emphasis, links and formulas."""

from __future__ import annotations

import re

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*")
_ITEM = re.compile(r"\s*(?:[-*+]|(?P<number>[0-9]{1,9})[.)])\s+(.*)")
# Code and formulas first: nothing inside them is markup.
_INLINE = re.compile(
    r"(?P<code>`[^`\n]+`)|(?P<formula>\$[^$\n]+\$)|\*\*(?P<bold>[^*\n]+)\*\*|\*(?P<italic>[^*\s][^*\n]*)\*"
    r"|\[(?P<label>[^\]\n]{1,500})\]\((?P<target>[^)\s]{1,500})\)"
)


def markdown_as_latex(title: str, markdown: str) -> str:
    r"""A whole statement, with \problemname."""
    lines = _blocks(markdown.split("\n"))
    return f"\\problemname{{{_plain(title)}}}\n\n" + "\n".join(lines).strip() + "\n"


def _blocks(lines: list[str]) -> list[str]:
    written: list[str] = []
    fence, listing = "", ""
    for line in lines:
        opened = _FENCE.match(line)
        item = None if fence or opened else _ITEM.fullmatch(line)
        wanted = "" if item is None else "enumerate" if item["number"] else "itemize"
        if listing and wanted != listing and (line.strip() or fence):
            written.append(f"\\end{{{listing}}}")
            listing = ""
        if fence:
            done = line.strip().startswith(fence)
            written.append(r"\end{verbatim}" if done else line.replace(r"\end{verbatim}", ""))
            fence = "" if done else fence
        elif opened:
            fence = opened[1]
            written.append(r"\begin{verbatim}")
        elif item:
            if not listing:
                written.append(f"\\begin{{{wanted}}}")
                listing = wanted
            written.append(rf"\item {_inline(item[2])}")
        else:
            written.append(_line(line))
    ends = [r"\end{verbatim}"] if fence else [f"\\end{{{listing}}}"] if listing else []
    return [*written, *ends]


def _line(line: str) -> str:
    heading = _HEADING.fullmatch(line)
    return rf"\section*{{{_inline(heading[1])}}}" if heading else _inline(line)


def _inline(text: str) -> str:
    written, at = [], 0
    for match in _INLINE.finditer(text):
        written += [_plain(text[at : match.start()]), _marked(match)]
        at = match.end()
    return "".join([*written, _plain(text[at:])])


def _marked(match: re.Match[str]) -> str:
    if match["code"]:
        return rf"\texttt{{{_plain(match['code'][1:-1])}}}"
    if match["formula"]:
        return match["formula"]
    if match["bold"]:
        return rf"\textbf{{{_plain(match['bold'])}}}"
    if match["italic"]:
        return rf"\emph{{{_plain(match['italic'])}}}"
    return rf"{_plain(match['label'])} (\url{{{match['target']}}})"


def _plain(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in text)
