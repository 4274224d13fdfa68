"""The nginx example: read by nginx where there is one."""

import re
import shutil
import subprocess

import pytest

from tests.support.deployment import DEPLOY

NGINX, OPENSSL = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin"), shutil.which("openssl")
CONFIGURATION = (DEPLOY / "nginx/creathon.conf").read_text()


def location(path):
    return re.search(rf"location {re.escape(path)} {{(.*?)}}", CONFIGURATION, re.DOTALL)[1]


@pytest.mark.skipif(not (NGINX and OPENSSL), reason="there is no nginx or no openssl on this machine")
def test_nginx_understands_it(tmp_path):
    key = ["-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *key, "-subj", "/CN=a"],
        capture_output=True,
        check=True,
    )
    (tmp_path / "creathon.conf").write_text(CONFIGURATION.replace("/etc/ssl/creathon", str(tmp_path)))
    http = f"http {{ access_log off; include {tmp_path}/creathon.conf; }}"
    whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\n{http}\n"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run([NGINX, "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_sockets_are_upgraded_and_not_buffered():
    sockets = location("/socket.io/")
    assert "proxy_set_header Upgrade $http_upgrade;" in sockets
    assert "proxy_buffering off;" in sockets


@pytest.mark.parametrize("path", ["= /metrics", "= /readyz"])
def test_what_is_the_operators_is_not_public(path):
    assert location(path).strip() == "return 404;"


def test_the_clients_address_is_the_proxys_word_and_not_the_clients():
    assert set(re.findall(r"X-Forwarded-For (\S+);", CONFIGURATION)) == {"$remote_addr"}
