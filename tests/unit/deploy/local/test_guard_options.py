import pytest

from deploy.local.guard import parse


def test_what_follows_the_dashes_is_the_program() -> None:
    options = parse(["--restart", "--grace", "2.5", "--", "sh", "-c", "exit 1"])
    assert options.program == ["sh", "-c", "exit 1"]
    assert options.restart
    assert options.grace == 2.5


def test_a_program_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--restart"])
    assert "program" in capsys.readouterr().err
