import datetime
import ipaddress
import ssl
import threading
from socket import create_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.errors import EngineUnavailable
from engines.broker.address import address
from engines.broker.link import Link

HELLO = b"AMQP\x00\x00\x09\x01"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of this machine by its number, signed by itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    own = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    own = own.not_valid_before(now - day).not_valid_after(now + day).add_extension(here, False)
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    signed = own.sign(key, hashes.SHA256())
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def broker(certificate):
    """Speaks TLS; `heard` is what it was told before it hung up."""
    heard = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with create_server(("127.0.0.1", 0)) as door:
        door.settimeout(20)

        def serve():
            try:
                with context.wrap_socket(door.accept()[0], server_side=True) as line:
                    heard.append(line.recv(8))
            except OSError:
                heard.append(b"")

        serving = threading.Thread(target=serve)
        serving.start()
        yield f"amqps://worker:letmein@127.0.0.1:{door.getsockname()[1]}", heard
        serving.join()


def refusal(url: str) -> str:
    with pytest.raises(EngineUnavailable) as caught:
        Link(url, "test")
    return str(caught.value)


def test_a_certificate_that_nobody_here_vouches_for_is_said_to_be_untrusted(broker, caplog):
    url, _ = broker
    told = refusal(url)
    assert "is not trusted (" in told
    assert "self-signed certificate" in told
    assert "letmein" not in told + caplog.text


@pytest.mark.parametrize("path", ["", "/", "/ours"])
def test_an_authority_of_ones_own_is_named_in_the_address(broker, certificate, path):
    url, heard = broker
    refusal(f"{url}{path}?cafile={certificate}")
    assert heard == [HELLO]


def test_a_broker_without_tls_at_that_port_is_told_from_none():
    with create_server(("127.0.0.1", 0)) as door:

        def serve():
            with door.accept()[0] as line:
                line.recv(1000)
                line.sendall(HELLO)

        serving = threading.Thread(target=serve)
        serving.start()
        told = refusal(f"amqps://worker:letmein@127.0.0.1:{door.getsockname()[1]}/")
        serving.join()
    assert "does not speak TLS" in told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("amqp://a:b@host", "amqp://host:5672/"),
        ("amqps://a:b@host", "amqps://host:5671/"),
        ("amqps://a:b@host:1/ours?cafile=/ca.pem", "amqps://host:1/ours"),
        ("amqp://a:b@[::1]/", "amqp://[::1]:5672/"),
    ],
)
def test_what_an_address_leaves_out_is_added_and_its_password_is_not_shown(text, shown):
    at = address(text)
    assert at.shown == shown
    assert at.url.query["heartbeat"] == "3"
