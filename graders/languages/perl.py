from __future__ import annotations

from graders.languages.base import Language

PERL = Language(
    name="perl",
    title="Perl",
    file_name="solution.pl",
    version=("perl", "-e", "print $^V"),
    run=("perl", "solution.pl"),
    smoke="my ($a, $b) = split ' ', <STDIN>;\nprint $a + $b, \"\\n\";\n",
)
