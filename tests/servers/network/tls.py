"""TLS on loopback with certificates that only a test trusts."""

import ssl
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
CERTIFICATE: Final = HERE / "localhost.pem"
API_CERTIFICATE: Final = HERE / "api.pem"
API_HOST: Final = "api.example.test"
"""A name that nobody can resolve: it is reached through a proxy alone."""
EXPIRED_CERTIFICATE: Final = HERE / "expired.pem"


def server_context(certificate: Path = CERTIFICATE) -> ssl.SSLContext:
    """For a server that is reached as ``localhost``, or by the name in another certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting_context(certificate: Path = CERTIFICATE) -> ssl.SSLContext:
    """For a client that trusts this certificate and no other."""
    return ssl.create_default_context(cafile=str(certificate))
