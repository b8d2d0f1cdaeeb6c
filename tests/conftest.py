"""Qt draws into memory in all tests, whatever display the machine has."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
