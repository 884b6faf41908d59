"""One task's durable data in memory, as the registry and the scheduler keep it, for `asynctask.testing`."""

from dataclasses import dataclass, field

from asynctask_core import limits
from asynctask_core.item_warnings import EndedItems, untold
from asynctask_core.warning_tally import WarningTally
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1 import manifest_pb2, state_pb2, task_pb2, work_pb2


@dataclass(slots=True)
class MemoryManifest:
    """One manifest."""

    items: dict[int, manifest_pb2.ManifestItem] = field(default_factory=dict)
    sealed: bool = False

    def summary(self, name: str) -> manifest_pb2.ManifestSummary:
        """Its counts."""
        counts: dict[int, manifest_pb2.ManifestCount] = {}
        for item in self.items.values():
            count = counts.setdefault(item.state, manifest_pb2.ManifestCount(state=item.state))
            count.items += 1
            count.size += item.size
        return manifest_pb2.ManifestSummary(manifest=name, counts=list(counts.values()), sealed=self.sealed)


class MemoryTask:
    """Keeps what a task's attempts report, by the rules of the registry."""

    def __init__(self) -> None:
        self.stage: str = ""
        self.input_json: str = ""
        self.checkpoint: work_pb2.Checkpoint | None = None
        self.progress: task_pb2.Progress | None = None
        self.outcome: work_pb2.OutcomeEvent | None = None
        self.results: dict[str, str] = {}
        self.checkpoints: list[tuple[str, work_pb2.Checkpoint]] = []
        self.manifests: dict[str, MemoryManifest] = {}
        self.logs: list[task_pb2.LogLine] = []
        self.attempt_id: bytes = b""
        self.warnings = WarningTally()
        self._epoch = 0
        self._last_event = 0
        self._last_chunk = 0

    def begin(self, attempt_id: bytes) -> None:
        """A new attempt: its events are numbered from 1."""
        self.attempt_id = attempt_id
        self._epoch += 1
        self.outcome = None
        self._last_event = 0
        self._last_chunk = 0

    def record(self, event: work_pb2.Event) -> work_pb2.Ack:
        """Apply one event."""
        ack = work_pb2.Ack(attempt_id=event.attempt_id)
        if event.attempt_id != self.attempt_id or self.outcome is not None:
            ack.verdict = work_pb2.EVENT_VERDICT_SUPERSEDED
        elif event.sequence <= self._last_event:
            ack.verdict = work_pb2.EVENT_VERDICT_DUPLICATE
        elif event.sequence > self._last_event + 1 or event.after_chunk > self._last_chunk:
            ack.verdict = work_pb2.EVENT_VERDICT_GAP
        else:
            ack.verdict = work_pb2.EVENT_VERDICT_APPLIED
            self._last_event = event.sequence
            self._apply(event)
        ack.last_sequence = self._last_event
        ack.ended = self.outcome is not None
        return ack

    def _apply(self, event: work_pb2.Event) -> None:
        if event.HasField("progress"):
            self.progress = event.progress
        kind = event.WhichOneof("event")
        self.warnings.replace_open(self._epoch)
        for one in event.warnings:
            if kind == "outcome":
                self.warnings.leave_open(one.stage, one.code, one.text, one.count, self._epoch)
            else:
                self.warnings.keep(one.stage, one.code, one.text, one.count)
        if kind == "checkpoint":
            self.stage = event.checkpoint.stage
            self.checkpoint = event.checkpoint.checkpoint
            self.checkpoints.append((self.stage, self.checkpoint))
        elif kind == "stage_finished":
            finished = event.stage_finished
            self.results[finished.stage] = self.input_json = finished.result_json
            self.stage = finished.next_stage
            self.checkpoint = None
            self.progress = None
        elif kind == "outcome":
            self.outcome = event.outcome
            self.stage = event.outcome.stage or self.stage
            if event.outcome.result == state_pb2.ATTEMPT_RESULT_SUCCESS:
                self.results[self.stage] = event.outcome.result_json

    def append_manifest(self, request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        """Store a chunk."""
        answer = pb.AppendManifestResponse(verdict=work_pb2.EVENT_VERDICT_APPLIED)
        if request.attempt_id != self.attempt_id:
            answer.verdict = work_pb2.EVENT_VERDICT_SUPERSEDED
        elif request.chunk <= self._last_chunk:
            answer.verdict = work_pb2.EVENT_VERDICT_DUPLICATE
        elif request.chunk > self._last_chunk + 1:
            answer.verdict = work_pb2.EVENT_VERDICT_GAP
        else:
            self._last_chunk = request.chunk
            self._change(request)
        answer.last_chunk = self._last_chunk
        return answer

    def _change(self, request: pb.AppendManifestRequest) -> None:
        if request.reset:
            self.manifests.pop(request.manifest, None)
        manifest = self.manifests.setdefault(request.manifest, MemoryManifest())
        for item in request.items:
            # A copy: the handler's side may keep the request.
            kept = manifest.items[item.position] = manifest_pb2.ManifestItem()
            kept.CopyFrom(item)
        for result in request.results:
            for position in range(result.position, max(result.position, result.last_position) + 1):
                item = manifest.items.get(position)
                if item is not None:
                    item.state = result.state
                    item.error = result.error
        manifest.sealed = manifest.sealed or request.seal
        states = {change.state for change in (*request.items, *request.results)}
        of_items = bool(states & {manifest_pb2.ITEM_STATE_FAILED, manifest_pb2.ITEM_STATE_SKIPPED})
        for one in request.warnings:
            self.warnings.keep(one.stage, one.code, one.text, one.count, of_items=of_items)

    def complete(self, task_id: str) -> None:
        """The task completes: count the items that ended failed or skipped without a warning."""
        ended = [
            EndedItems(
                name,
                sum(item.state == manifest_pb2.ITEM_STATE_FAILED for item in manifest.items.values()),
                sum(item.state == manifest_pb2.ITEM_STATE_SKIPPED for item in manifest.items.values()),
            )
            for name, manifest in self.manifests.items()
        ]
        for one in untold(task_id, ended, self.warnings):
            self.warnings.leave_open(self.stage, one.code, one.text, one.count, self._epoch)

    def read_manifest(self, request: pb.ReadManifestRequest) -> pb.ReadManifestResponse:
        """Read a page."""
        answer = pb.ReadManifestResponse()
        manifest = self.manifests.get(request.manifest)
        if manifest is None:
            return answer
        if request.with_summary:
            answer.summary.CopyFrom(manifest.summary(request.manifest))
        wanted = set(request.states)
        nbytes = 0
        for position in sorted(manifest.items):
            item = manifest.items[position]
            if position <= request.after_position or (wanted and item.state not in wanted):
                continue
            nbytes += item.ByteSize()
            if len(answer.items) == (request.page_size or limits.PAGE_ITEMS) or (
                answer.items and nbytes > limits.PAGE_BYTES
            ):
                answer.more = True
                break
            answer.items.append(item)
        return answer
