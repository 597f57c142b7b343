"""From the settings to the way by which requests leave."""

import os
import ssl
import urllib.request
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from core.errors import SettingsError
from core.probe.addresses.hosts import canonical_host
from core.probe.addresses.reach import INTERNET, Reach
from core.probe.wire.route import Route, proxy_of

FROM_ENVIRONMENT: Final = "environment"


def proxy_setting(proxy: SecretStr | None, host: str) -> str | None:
    """The address of the proxy for a host, as the settings say; None for a direct way.

    ``environment`` asks for HTTPS_PROXY and NO_PROXY, as other programs read them. Without a
    setting they count for nothing: a proxy would be measured that nobody named.
    """
    if proxy is None or proxy.get_secret_value() != FROM_ENVIRONMENT:
        return None if proxy is None else proxy.get_secret_value()
    if urllib.request.proxy_bypass(canonical_host(host)):
        return None
    return os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy") or None


def route_of(proxy: str | None, ca_file: Path | None, reach: Reach = INTERNET) -> Route:
    """The way through a proxy, with certificates, as far as may be called.

    Raises SettingsError for a bad setting.
    """
    return Route(
        reach=reach,
        tls=None if ca_file is None else _trusting(ca_file),
        proxy=None if proxy is None else proxy_of(proxy),
    )


def _trusting(ca_file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror if type(error) is FileNotFoundError else "no certificates in PEM"
        raise SettingsError(
            f"BREAKEVEN_CA_FILE names {ca_file}, which cannot be used ({reason}). Give a PEM file "
            "with your company's certificates, or unset it."
        ) from error
    return context
