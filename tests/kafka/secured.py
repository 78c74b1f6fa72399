"""Apache Kafka that lets nobody in without TLS: one listener asks for a password, one for a certificate."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import trustme

from streams.home import free_port
from tests.kafka.server import KafkaNode

USER, PASSWORD = "skillpulse", "correct-horse-7"

_PROPERTIES = """
listeners=PASSWORD://127.0.0.1:{password_port},CERTIFICATE://127.0.0.1:{certificate_port},\
INSIDE://127.0.0.1:{inside},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PASSWORD://127.0.0.1:{password_port},CERTIFICATE://127.0.0.1:{certificate_port},\
INSIDE://127.0.0.1:{inside}
listener.security.protocol.map=PASSWORD:SASL_SSL,CERTIFICATE:SSL,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INSIDE
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.password.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
listener.name.password.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.certificate.chain={chain}
ssl.keystore.key={key}
ssl.truststore.type=PEM
ssl.truststore.certificates={authority}
listener.name.certificate.ssl.client.auth=required
"""


class Secured(NamedTuple):
    """Where the listeners are, and the files of a client: authority, its own certificate and key."""

    by_password: str
    by_certificate: str
    ca_file: Path
    cert_file: Path
    key_file: Path


@contextmanager
def secured_kafka(folder: Path) -> Iterator[Secured]:
    """One node; its authority was made a moment ago."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1")
    client = authority.issue_cert("skillpulse@example.com", key_type=trustme.KeyType.RSA)
    ca_file, cert_file, key_file = (folder / name for name in ("ca.pem", "client.pem", "client.key"))
    authority.cert_pem.write_to_path(ca_file)
    client.cert_chain_pems[0].write_to_path(cert_file)
    client.private_key_pem.write_to_path(key_file)
    password_port, certificate_port, inside, controller = (free_port() for _ in range(4))
    properties = _PROPERTIES.format(
        password_port=password_port,
        certificate_port=certificate_port,
        inside=inside,
        controller=controller,
        user=USER,
        password=PASSWORD,
        chain=_line(server.cert_chain_pems[0].bytes()),
        key=_line(_pkcs8(server.private_key_pem.bytes())),
        authority=_line(authority.cert_pem.bytes()),
    )
    scram = ["--add-scram", f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]"]
    node = KafkaNode(
        folder / "node", 1, [(password_port, controller)], uuid.uuid4().hex[:22], properties, scram
    )
    node.start()
    try:
        node.wait_ready()
        yield Secured(
            f"127.0.0.1:{password_port}", f"127.0.0.1:{certificate_port}", ca_file, cert_file, key_file
        )
    finally:
        node.stop()


def _line(pem: bytes) -> str:
    """A PEM text as the value of a property."""
    return pem.decode().strip().replace("\n", "\\n")


def _pkcs8(pem: bytes) -> bytes:
    """A key in the only form that Java reads."""
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(pem, None)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
