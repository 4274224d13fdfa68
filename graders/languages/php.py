from __future__ import annotations

from graders.languages.base import Language

PHP = Language(
    name="php",
    title="PHP",
    file_name="solution.php",
    version=("php", "-r", "echo PHP_VERSION;"),
    run=("php", "-d", "display_errors=stderr", "-d", "memory_limit=-1", "solution.php"),
    smoke="<?php\n[$a, $b] = explode(' ', trim(fgets(STDIN)));\necho $a + $b, \"\\n\";\n",
    unlimited_stack=False,
)
