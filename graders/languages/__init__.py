"""The languages by name. A new one is a new file here and a line below."""

from __future__ import annotations

from graders.languages.base import Language
from graders.languages.bash import BASH
from graders.languages.c import C
from graders.languages.cpp import CPP, CPP20
from graders.languages.go import GO
from graders.languages.java import JAVA
from graders.languages.javascript import JAVASCRIPT
from graders.languages.perl import PERL
from graders.languages.php import PHP
from graders.languages.python import PYTHON
from graders.languages.ruby import RUBY
from graders.languages.rust import RUST
from graders.languages.sql import SQL
from graders.languages.typescript import TYPESCRIPT

ALL = (PYTHON, C, CPP, CPP20, JAVA, JAVASCRIPT, TYPESCRIPT, GO, RUST, PERL, BASH, RUBY, PHP, SQL)
LANGUAGES: dict[str, Language] = {language.name: language for language in ALL}
PROGRAMS = {name: language for name, language in LANGUAGES.items() if language.general}
