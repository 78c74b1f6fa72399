"""How the three Kafka clients in use are told where the broker is and how to be let in."""

import ssl
from typing import Any

import faust

from schemas.faults import Fault
from streams.home import read_address
from streams.settings import Settings


class BrokerUnavailable(Fault):
    """The broker does not answer, or refuses us: the worker stops and is started again."""


def bootstrap_servers(settings: Settings) -> str:
    """`host:port[,host:port]` of the broker. Raises NotRunning where the embedded one is not there."""
    if settings.broker:
        return settings.broker
    address = read_address(settings.home, "broker")
    return f"{address['host']}:{address['port']}"


def aiokafka_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments of any aiokafka client."""
    options: dict[str, Any] = {
        "bootstrap_servers": bootstrap_servers(settings),
        "security_protocol": settings.kafka_security_protocol,
    }
    if settings.kafka_security_protocol.endswith("SSL"):
        options["ssl_context"] = _ssl_context(settings)
    if settings.kafka_security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.kafka_sasl_mechanism
        options["sasl_plain_username"] = settings.kafka_username
        options["sasl_plain_password"] = settings.kafka_password.get_secret_value()
    return options


def faust_options(settings: Settings) -> dict[str, Any]:
    """The settings of a Faust app that concern the connection, with the batching transport."""
    servers = bootstrap_servers(settings).split(",")
    options: dict[str, Any] = {"broker": [f"batch://{server.strip()}" for server in servers]}
    context = _ssl_context(settings) if settings.kafka_security_protocol.endswith("SSL") else None
    if settings.kafka_security_protocol.startswith("SASL"):
        options["broker_credentials"] = faust.SASLCredentials(
            username=settings.kafka_username,
            password=settings.kafka_password.get_secret_value(),
            mechanism=settings.kafka_sasl_mechanism,
            ssl_context=context,
        )
    elif context is not None:
        options["broker_credentials"] = faust.SSLCredentials(context)
    return options


def librdkafka_options(settings: Settings) -> dict[str, Any]:
    """The configuration of a librdkafka client."""
    files = {
        "ssl.ca.location": settings.kafka_ca_file,
        "ssl.certificate.location": settings.kafka_cert_file,
        "ssl.key.location": settings.kafka_key_file,
    }
    options: dict[str, Any] = {
        "bootstrap.servers": bootstrap_servers(settings),
        "security.protocol": settings.kafka_security_protocol,
        **{name: str(file) for name, file in files.items() if file},
    }
    if settings.kafka_security_protocol.startswith("SASL"):
        options["sasl.mechanism"] = settings.kafka_sasl_mechanism
        options["sasl.username"] = settings.kafka_username
        options["sasl.password"] = settings.kafka_password.get_secret_value()
    return options


def _ssl_context(settings: Settings) -> ssl.SSLContext:
    context = ssl.create_default_context(
        cafile=str(settings.kafka_ca_file) if settings.kafka_ca_file else None
    )
    if settings.kafka_cert_file:
        context.load_cert_chain(settings.kafka_cert_file, settings.kafka_key_file)
    return context
