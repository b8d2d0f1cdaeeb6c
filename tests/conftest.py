"""Qt draws into memory in all tests, whatever display the machine has; one broker for those that
need one."""

import os

from tests.brokers import broker, link

__all__ = ["broker", "link"]

os.environ["QT_QPA_PLATFORM"] = "offscreen"
