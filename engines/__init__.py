"""Everything replaceable that touches a model, a device, a file format or another program.

Nothing leaves the user's machine: ONNX Runtime reports its use to its maker unless it is told
before its first import, in every process, that it may not; OpenVINO does, unless the package that
does it cannot be imported.
"""

import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment] # "not there", to an import
