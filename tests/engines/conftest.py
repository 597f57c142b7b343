"""What of the engines can be tested on this computer."""

import shutil

# Without an NVIDIA driver there is nothing to test there, however many packages are installed.
collect_ignore = [] if shutil.which("nvidia-smi") else ["test_cuda.py"]
