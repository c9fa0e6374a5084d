"""What every test of a gateway may ask for."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateways.post_office import PostOffice, open_post_office
from tests.gateways.seller import Seller, open_seller


@pytest.fixture
def seller() -> Iterator[Seller]:
    """The seller's system, listening on loopback."""
    with open_seller() as one:
        yield one


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, signed by itself, and its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, signed, both = (folder / name for name in ("key.pem", "signed.pem", "both.pem"))
    wanted = (
        "-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=Seller -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run(
        [openssl, "req", *wanted.split(), "-keyout", key, "-out", signed],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + signed.read_bytes())

    return both


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server without encryption, on loopback."""
    with open_post_office() as one:
        yield one
