"""When a failed attempt is tried again: exponential back-off with jitter, capped."""

from dataclasses import dataclass

from asynctask_protos.task.v1.task_type_pb2 import RetryPolicy as RetryPolicyProto


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and when errors are retried. Delays are milliseconds; `max_attempts` counts the first attempt too."""

    max_attempts: int = 3
    initial_delay_ms: int = 1_000
    max_delay_ms: int = 300_000
    multiplier: float = 2.0

    @classmethod
    def from_proto(cls, proto: RetryPolicyProto) -> "RetryPolicy":
        """Read a policy; zero fields take their defaults."""
        return cls(
            proto.max_attempts or cls().max_attempts,
            proto.initial_delay_ms or cls().initial_delay_ms,
            proto.max_delay_ms or cls().max_delay_ms,
            proto.multiplier or cls().multiplier,
        )

    def to_proto(self) -> RetryPolicyProto:
        """Write it as a message."""
        return RetryPolicyProto(
            max_attempts=self.max_attempts,
            initial_delay_ms=self.initial_delay_ms,
            max_delay_ms=self.max_delay_ms,
            multiplier=self.multiplier,
        )


def delay_ms(policy: RetryPolicy, error_count: int, draw: float) -> int:
    """Milliseconds before the retry after error number `error_count` (from 1).

    `draw` in [0, 1) is the jitter: the delay lies between half of the capped exponential and all of it, so retries
    of many tasks are spread out, and none comes at once.
    """
    # The exponent is bounded so that a policy of a thousand attempts cannot overflow a float.
    growth = policy.multiplier ** min(error_count - 1, 64)
    capped = min(float(policy.max_delay_ms), policy.initial_delay_ms * growth)
    return int(capped * (0.5 + 0.5 * draw))
