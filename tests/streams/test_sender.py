import time

import pytest

from streams import sender
from streams.embedded_broker import EmbeddedBroker
from streams.kafka import BrokerUnavailable
from streams.sender import Sender
from streams.settings import load_settings
from streams.topics import Topics


def test_a_slow_sender_hears_of_a_lost_record_at_the_next_one(tmp_path, monkeypatch):
    monkeypatch.setattr(sender, "_GIVE_UP", 1.0)
    settings = load_settings(home=str(tmp_path), partitions=1)
    broker = EmbeddedBroker(tmp_path)
    broker.start()
    try:
        Topics(settings).ensure(("job-posts",))
        with (
            pytest.raises(BrokerUnavailable, match="1 are confirmed"),
            Sender(settings, "job-posts") as sending,
        ):
            sending.send(b"a", b"{}")
            sending.flush()
            broker.stop()
            sending.send(b"b", b"{}")
            time.sleep(2.5)
            sending.send(b"c", b"{}")
            pytest.fail("nobody said that b was lost")
    finally:
        broker.stop()
