-- Layouts, also written by apply.py. Numbers are big-endian, lanes are "queue\31type".
--   standing: version Q, state B, place B, requested B, priority B, then
--     READY   score as 16 digits, lane
--     TIMED   score as 16 digits, due d (arrives as milliseconds from now, is kept as Redis' clock), lane
--     LEASED  holder
--   holder:   attempt c16, executor Hc0, lane
--   lease:    flags B, holder
local NOWHERE, READY, TIMED, LEASED = 1, 2, 3, 4
local RENEWED, EXPIRING, EXCUSED = 1, 2, 4

local sub, byte, char = string.sub, string.byte, string.char

-- As text: converting a number into an argument of a command costs more than the command.
local function score_of(standing)
  return sub(standing, 13, 28)
end

local function due_of(standing)
  return (struct.unpack('>d', standing, 29))
end

local function lane_of(standing, place)
  return sub(standing, place == READY and 29 or 37)
end

local function attempt_of(standing)
  return sub(standing, 13, 28)
end

-- The executor and the lane of the holder that starts at `at`.
local function holder_of(record, at)
  local executor, after = struct.unpack('>Hc0', record, at + 16)
  return executor, sub(record, after)
end

local function has_flag(lease, flag)
  return math.floor(byte(lease) / flag) % 2 == 1
end

-- A lease is confirmed if the kept standing names its attempt: the registry has started that attempt.
local function is_confirmed(lease, standing)
  return lease and standing and byte(standing, 10) == LEASED and attempt_of(standing) == sub(lease, 2, 17)
end

-- The name in hints for all lanes of a type: the name of a queue is never empty.
local function any_queue(task_type)
  return '\31' .. task_type
end

local function type_of(lane)
  return sub(lane, string.find(lane, '\31', 1, true) + 1)
end
