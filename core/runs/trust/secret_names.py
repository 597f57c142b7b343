"""Which variables of the environment hold a secret, by their names."""

import re
from typing import Final

SECRET_NAME: Final = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
"""Of a variable that holds a secret."""
