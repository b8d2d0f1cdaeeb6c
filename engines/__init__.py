"""Everything replaceable that touches a model, a device, a file format or another program.

Nothing leaves the user's machine: ONNX Runtime reports its use to its maker unless it is told
before its first import, in every process, that it may not.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
