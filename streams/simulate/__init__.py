"""Realistic job posts out of nothing but a seed: a backfill of whole months, or a live stream. Pure."""

from streams.simulate.backfill import generate
from streams.simulate.live import live
from streams.simulate.records import SimulatedRecord
from streams.simulate.scenario import Scenario, load_scenario
from streams.simulate.spikes import Spike

__all__ = ["Scenario", "SimulatedRecord", "Spike", "generate", "live", "load_scenario"]
