"""TLS on loopback with a certificate that only a test trusts."""

import ssl
from pathlib import Path
from typing import Final

CERTIFICATE: Final = Path(__file__).with_name("localhost.pem")


def server_context() -> ssl.SSLContext:
    """For a server that is reached as ``localhost``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting_context() -> ssl.SSLContext:
    """For a client that trusts this certificate and no other."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))
