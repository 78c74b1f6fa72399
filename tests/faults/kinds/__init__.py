"""The faults, one small class each: what it does to a site under load, and on which engines."""

from tests.faults.kinds.base import FaultKind
from tests.faults.kinds.broker import (
    AddPartitions,
    ChangeLeader,
    CutKafka,
    FreezeBroker,
    KillBroker,
    LoseKafka,
    LoseKafkaForMinutes,
    LoseOldRecords,
    RecreateTopic,
    ReplayTopic,
)
from tests.faults.kinds.database import (
    CutInserts,
    FatalErrors,
    FullDisk,
    GatewayErrors,
    KillBoth,
    KillClickHouse,
    RefuseClickHouse,
    RetriableErrors,
    SlowClickHouse,
)
from tests.faults.kinds.events import JumpingProducerClocks, ManyRepeats, PoisonedBatch, ShuffledYear
from tests.faults.kinds.workers import (
    ComeAndGo,
    FreezeInInsert,
    FreezeWorker,
    JumpingWorkerClock,
    KillOneOfTwo,
    KillWorker,
)

KINDS: dict[str, type[FaultKind]] = {
    kind.name: kind
    for kind in (
        KillWorker,
        KillOneOfTwo,
        ComeAndGo,
        FreezeWorker,
        FreezeInInsert,
        JumpingWorkerClock,
        KillClickHouse,
        KillBoth,
        RefuseClickHouse,
        SlowClickHouse,
        CutInserts,
        GatewayErrors,
        RetriableErrors,
        FatalErrors,
        FullDisk,
        KillBroker,
        FreezeBroker,
        LoseKafka,
        CutKafka,
        ChangeLeader,
        RecreateTopic,
        AddPartitions,
        LoseOldRecords,
        ReplayTopic,
        ShuffledYear,
        ManyRepeats,
        PoisonedBatch,
        JumpingProducerClocks,
    )
}
"""Every fault of the schedules by its name."""

LONG: dict[str, type[FaultKind]] = {kind.name: kind for kind in (LoseKafkaForMinutes,)}
"""Faults that last too long for a schedule; tried when asked for by name."""
