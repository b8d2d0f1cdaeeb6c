"""What whoever starts the service may choose."""

import pytest

from app.service.options import ServiceOptions
from core.errors import UsageError


@pytest.mark.parametrize("name", ["cam.example.org", "*.example.org", "Cam", "192.0.2.7"])
def test_a_name_of_a_host_can_be_given(name):
    options = ServiceOptions(names=(name,))
    options.check()
    assert name.lower() in options.hosts


@pytest.mark.parametrize(
    "name", ["", "*", "https://cam.example.org", "cam.example.org:443", "cam/", "a.*.org", "a b"]
)
def test_what_is_no_name_of_a_host_is_refused(name):
    with pytest.raises(UsageError, match="no name of a host"):
        ServiceOptions(names=(name,)).check()


def test_without_a_token_nobody_beyond_a_proxy_is_served():
    with pytest.raises(UsageError, match="proxy"):
        ServiceOptions(open_to_all=True, behind_proxy=True).check()
