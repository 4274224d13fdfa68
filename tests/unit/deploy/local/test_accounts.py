from pathlib import Path

from deploy.local.accounts import FILE, demo_accounts


def test_there_is_one_account_per_role_with_a_password_of_its_own(tmp_path: Path) -> None:
    accounts = demo_accounts(tmp_path)
    assert [account.username for account in accounts] == ["admin", "author", "learner"]
    assert len({account.password for account in accounts}) == 3


def test_passwords_are_written_once(tmp_path: Path) -> None:
    assert demo_accounts(tmp_path) == demo_accounts(tmp_path)


def test_only_the_owner_can_read_the_passwords(tmp_path: Path) -> None:
    demo_accounts(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
