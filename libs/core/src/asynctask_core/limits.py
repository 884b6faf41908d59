"""Every limit of the product, checked when a request arrives. Sizes are bytes of UTF-8 unless said otherwise."""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

CONFIG_BYTES: Final = 256 * KIB
"""`task_config`: sent with every dispatch, so it should name large data instead of containing it."""
RESULT_BYTES: Final = 1 * MIB
"""A stage's return value: sent to the next stage in one message."""
CHECKPOINT_BYTES: Final = 1 * MIB
"""A checkpoint: written often; lists belong into the manifest."""
JSON_LEVELS: Final = 100
"""Lists and objects inside one another in a config, result, checkpoint or item: every common reader of JSON accepts
this many."""
JSON_DIGITS: Final = 4300
"""Digits of a whole number in JSON: as many as Python reads unless a program asks for more."""
SCHEMA_BYTES: Final = 256 * KIB
"""JSON schema of a task type's config."""
CONFIG_CHECK_MS: Final = 1_000
"""Processor time of checking one config against its type's schema; a longer check is stopped."""
PROGRESS_MESSAGE_BYTES: Final = 1 * KIB
"""Text beside a progress bar."""
PROGRESS_UNIT_CHARS: Final = 32
"""Name of a progress unit."""
REASON_BYTES: Final = 1 * KIB
"""The reason a person gives with a command."""
FAILURE_MESSAGE_BYTES: Final = 16 * KIB
"""Message of a failure; longer ones are cut and marked."""
TRACEBACK_BYTES: Final = 64 * KIB
"""Stack trace of a failure; longer ones lose their middle."""
FAILURE_REASON_CHARS: Final = 64
"""Reason of a failure."""
ERROR_TYPE_CHARS: Final = 256
"""Class of an exception; longer ones are cut and marked."""
LOG_LINE_BYTES: Final = 16 * KIB
"""One log line; longer ones are cut and marked."""
LOGGER_BYTES: Final = 1 * KIB
"""Name of a logger; longer ones are cut and marked."""
ITEM_KEY_BYTES: Final = 8 * KIB
"""Key of a manifest item: twice the longest path of Linux."""
ITEM_ERROR_BYTES: Final = 1 * KIB
"""Why an item failed or was skipped; longer ones are cut and marked."""
ITEM_DATA_BYTES: Final = 16 * KIB
"""JSON kept with a manifest item."""
MANIFEST_NAME_CHARS: Final = 64
"""Name of a manifest."""
MANIFESTS: Final = 1000
"""Manifests of one task: each view of it shows the counts of all of them."""
WARNINGS: Final = 32
"""Different warnings (stage and code) of a task; further ones are counted as `OTHER_WARNINGS` of their stage."""
WARNING_CODE_CHARS: Final = 64
"""Code of a warning."""
WARNING_TEXT_BYTES: Final = 1 * KIB
"""Text of a warning; longer ones are cut and marked."""
WARNING_COUNT: Final = 2**53 - 1
"""How often a warning was given, also summed: the largest whole number that every reader of JSON can hold exactly."""
STREAMED_COMMAND_BYTES: Final = 64 * KIB
"""Larger commands are sent as unary calls and not over a command stream: these add little to their time, and do not
delay other commands."""
BATCH_BYTES: Final = 1 * MIB
"""A batch closes at this size: large enough to share the cost of a round trip, small enough to be sent soon."""
MESSAGE_BYTES: Final = 8 * MIB
"""Largest gRPC message: a batch that closed on its last item, with room for the largest payloads."""
METADATA_BYTES: Final = 16 * KIB
"""Metadata of one call: names, values, and 32 bytes for each of them."""
CONNECTION_CALLS: Final = 10_000
"""Calls in progress over one connection, open streams among them; gRPC keeps more waiting at the caller."""
CONNECTIONS: Final = 10_000
"""Connections to one service unless settings say otherwise; a service that may open fewer files accepts fewer."""
HOST_CONNECTIONS: Final = 8_000
"""Connections of one host to one service unless settings say otherwise; beyond that the newest are closed again."""
CONNECTION_IDLE_MS: Final = 300_000
"""A connection without a call is closed after this time; gRPC opens it again with the next call."""
HANDSHAKE_MS: Final = 20_000
"""Time until a connection must speak HTTP/2, and TLS where that is set."""
REQUEST_MS: Final = 60_000
"""A call whose request, or the first message of whose stream, has not arrived completely within this time is ended."""
UNREAD_MS: Final = 30_000
"""A stream whose peer reads nothing for this time is ended; a connection that does not read an answer is closed."""

PAGE_BYTES: Final = 4 * MIB
"""All tasks, log lines or items in one answer: a page ends before it becomes larger, but has at least one of them."""
VIEW_BYTES: Final = 4 * MIB
"""Results and checkpoints of stages in one view of a task; the largest are left out, so that it fits into a message."""

LARGEST_NUMBER: Final = 2**53 - 1
"""Largest integer of any field, and of any stored sum: exact in JSON, in JavaScript and in a double."""
INSTANT_FIRST_S: Final = -62_135_596_800
"""Earliest instant, in seconds since 1970: the year 1, as in protobuf's Timestamp."""
INSTANT_LAST_S: Final = 253_402_300_799
"""Latest instant, in seconds since 1970: the end of the year 9999."""

BATCH_ITEMS: Final = 1000
"""Items in one call or one statement."""
STREAM_ITEMS: Final = 10_000
"""Events or progress reports in one message of an executor's stream."""
MANIFEST_CHANGES: Final = 10_000
"""Items, or results of items, in one chunk of a manifest; the SDK closes a chunk at 2,000."""
APPEND_BYTES: Final = 2 * BATCH_BYTES
"""Log lines, or a chunk of a manifest, in one call: a batch that closed on its last item, with some room."""
PAGE_ITEMS: Final = 1000
"""Tasks in one page."""
WALKED_ROWS: Final = 10_000
"""Tasks, log lines or manifest items that are looked through for one page by conditions that have no index, and of
lines and items at most PAGE_BYTES; the next page goes on where it stopped. A text is looked for in the labels of at
most so many tasks, and failed tasks are grouped among the newest of that number."""
ITEM_PAGE: Final = 5000
"""Manifest items or log lines in one page."""
SEARCH_HITS: Final = 10_000
"""Log lines or manifest items that one search finds; it goes on by its token."""
SEARCH_TEXT_CHARS: Final = 256
"""A text to search for in a log or manifest."""
WATCHED_TASKS: Final = 1000
"""Tasks that one watch may name."""

FILTER_NAMES: Final = 100
"""Task types or states in one filter."""
FILTER_TEXT_CHARS: Final = 128
"""Text that a filter looks for."""
FILTER_TEXT_LEAST: Final = 2
"""The shortest of these: a single character is in nearly every task."""
FINGERPRINT_CHARS: Final = 16
"""Fingerprint of an error: 64 bits, of which no two kinds among millions have the same."""
FAILURE_GROUPS: Final = 100
"""Groups of failed tasks in one answer."""
FAILURE_SHOWN_BYTES: Final = 1 * KIB
"""The message of a group of failed tasks; longer ones are cut and marked."""
FINDINGS: Final = 10_000
"""Differences that the doctor shows in full."""
TOKEN_CHARS: Final = 1024
"""A page token, resume token or cursor of AsyncTask."""
ID_CHARS: Final = 45
"""An id as text: 36 characters, and room for the other ways to write a UUID."""

LABELS: Final = 16
"""Labels of a task."""
LABEL_KEY_CHARS: Final = 64
"""Key of a label."""
LABEL_VALUE_CHARS: Final = 256
"""Value of a label."""
TITLE_TEMPLATE_CHARS: Final = 128
"""Template of the titles of a type's tasks: half of a label's value, so that its fields always have room."""
ACTOR_CHARS: Final = 128
"""Name of the person or program that gives a command."""
REQUEST_ID_CHARS: Final = 128
"""A request id."""
EXECUTOR_ID_CHARS: Final = 128
"""An executor's id."""
TASK_TYPE_CHARS: Final = 128
"""Name of a task type."""
QUEUE_CHARS: Final = 128
"""Name of a queue."""
TASK_TYPES: Final = 10_000
"""Task types of a registry. Every scheduler has all of them in memory."""
TASK_TYPES_BYTES: Final = 64 * MIB
"""Definitions of all task types of a registry together, as JSON."""
QUEUES_OF_TYPE: Final = 100
"""Queues that the definitions of one type may have named: executors that name no queues serve all of them."""
STAGE_CHARS: Final = 64
"""Name of a stage."""
STAGES: Final = 100
"""Stages of a type."""
TASK_STAGES: Final = 2 * STAGES
"""Stages with stored data of one task: those of its present type, and of the type when the task began."""
DESCRIPTION_CHARS: Final = 1000
"""Description of a type."""
WEIGHT: Final = 1_000_000
"""Weight of a stage, which is above 0: sums of weights stay finite."""
STAGE_TIMEOUT_MS: Final = 10 * 366 * 24 * 3600 * 1000
"""Timeout of a stage: 3660 days, ten years."""
DISPLAY_NAME_CHARS: Final = 256
"""Name of an executor for people."""
VERSION_CHARS: Final = 128
"""Version of an SDK."""
EXECUTORS: Final = 10_000
"""Executors that a cluster remembers until they stop or are silent for minutes; further new ones are refused."""
EXECUTOR_TYPES: Final = 1000
"""Types that one executor runs."""
EXECUTOR_QUEUES: Final = 1000
"""Queues that one executor names."""
EXECUTOR_LANES: Final = 2000
"""Queues times types of one executor: Redis reads each of these lanes whenever the executor asks for work."""
SLOTS: Final = 10_000
"""Slots of one executor."""
EVENT_WARNINGS: Final = WARNINGS + STAGES
"""Warnings in one message: those of a task, and one per stage for warnings beyond that number."""
RETRY_ATTEMPTS: Final = 1000
"""Attempts of a retry policy."""
POSTPONES: Final = 10_000
"""Times in one run that handlers may postpone a task before it fails: 10,000 waits of 5 minutes are a month."""
POSTPONE_LEAST_MS: Final = 1000
"""Shortest time, in milliseconds, by which a handler postpones its task: a shorter one would be a busy loop."""
POSTPONE_MOST_MS: Final = 7 * 24 * 3600 * 1000
"""Longest time, in milliseconds, by which a handler postpones its task."""
RETRY_MULTIPLIER: Final = 100
"""Growth of the delay of a retry policy."""
CRASH_LIMIT: Final = 1000
"""Crash budget of a type."""
MAX_RUNNING: Final = 1_000_000
"""Concurrency limit of a type."""

PRIORITY_FIRST: Final = 1
"""The priority that goes first."""
PRIORITY_DEFAULT: Final = 3
"""Priority of a task whose submit names none."""
PRIORITY_LAST: Final = 5
"""The priority that goes last."""
DELAY_MS: Final = 10 * 366 * 24 * 3600 * 1000
"""Longest delayed start: 3660 days, ten years."""

LEASE_MS: Final = 15_000
"""Default lease: a dead executor is noticed within it; an executor renews it each third of this time."""
TOMBSTONE_MS: Final = 900_000
"""How long Redis remembers the version of a task that is in none of its places, to ignore late standings."""
INTENT_AGE_MS: Final = 15_000
"""Age at which a submit's intent is reconciled: three registry deadlines. Ids not found by then are looked up again."""
INTENT_KEPT_MS: Final = 600_000
"""How long the scheduler looks again for the task of an intent."""
REGISTRY_DEADLINE_MS: Final = 5_000
"""Deadline of one call to the registry unless settings say otherwise; both sides enforce it."""
TIMER_HORIZON_MS: Final = 600_000
"""Timers due within this time are in Redis; later ones only in Postgres."""
REQUEST_KEPT_MS: Final = 24 * 3600 * 1000
"""How long a request id is remembered."""
MINUTES_KEPT_S: Final = 26 * 3600
"""How long the registry keeps what happened in each minute: a day and a little, so that a day is always whole."""
HOURS_KEPT_S: Final = 40 * 24 * 3600
"""How long the registry keeps what happened in each hour: a month and a little."""
SERIES_POINTS: Final = 1600
"""Most points of one series: all minutes that are kept fit."""
AGEING_STEP_US: Final = 3600 * 1_000_000
"""Waiting this long outweighs one step of priority."""
STRICT_STEP_US: Final = 50 * 365 * 24 * 3600 * 1_000_000
"""Ageing step of strict priorities: 50 years; the largest score is still exact in a double."""

CRASH_BUDGET: Final = 3
"""Losses without a new checkpoint before a task fails: else it could crash every executor in turn."""
UNDELIVERED_BUDGET: Final = 10
"""Deliveries without any renewal before a task fails: more than losses, since the cause is rather in executors."""
