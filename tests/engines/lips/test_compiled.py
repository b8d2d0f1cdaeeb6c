"""How loops are compiled."""

import subprocess
import sys

CODE = """
import sys
sys.path[:] = {path!r}
import engines.lips.paste_loops as loops
print("scipy.linalg" in sys.modules)
try:
    import scipy
except ImportError:
    pass
else:
    import scipy.linalg
"""


def test_loops_do_without_the_linear_algebra_that_others_may_still_have():
    code = CODE.format(path=sys.path)
    done = subprocess.run([sys.executable, "-c", code], stdout=-1, check=True)
    assert done.stdout.split() == [b"False"]
