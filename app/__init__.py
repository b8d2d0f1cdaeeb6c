"""What a person starts. Importing it gives every numeric library one thread, before any of them
is loaded: on two contended cores a second one makes a solve a hundred times slower."""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
