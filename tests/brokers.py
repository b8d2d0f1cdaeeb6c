"""A broker for a whole run of the tests, and links to it that are closed again."""

import pytest

from engines.broker.private import programs

needs_broker = pytest.mark.skipif(
    programs() is None,
    reason="RabbitMQ is not installed (apt-get install rabbitmq-server)",
)


@pytest.fixture(scope="session")
def broker():
    """One for all; who kills it uses one of its own."""
    from engines.broker.private import PrivateBroker

    with PrivateBroker() as running:
        yield running


@pytest.fixture
def link(broker):
    from engines.broker.link import Link

    link = Link(broker.url, "tests")
    yield link
    link.close()
