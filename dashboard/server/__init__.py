"""What stands before the page: who may ask, what a browser may do with the answer, start and end.

The page's own script knows nothing of it. Whoever starts `dashboard/app.py` starts this with it.
"""

from dashboard.server.life import lifespan
from dashboard.server.start import middleware

__all__ = ["lifespan", "middleware"]
