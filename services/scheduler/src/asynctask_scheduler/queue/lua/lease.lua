-- Hand out the best ready tasks of some kinds to one executor, one under each attempt id.
-- @keys    root leases deadlines limits kinds
-- @args    executor session:number slots:number lease_ms:number attempts served...
-- @include clock identity records sessions
-- @returns {verdict, task ids in one string, 1 when a limit kept something back}
local verdict = session_verdict(executor, session)
if verdict ~= 'ok' then
  return {verdict, '', 0}
end
if not is_marked() then
  return {'no_marker', '', 0}
end
local held_key = root .. 'held:' .. executor
local wanted = math.min(#attempts / 16, slots - redis.call('SCARD', held_key))
if wanted <= 0 then
  return {'ok', '', 0}
end

-- What each type's limit leaves, counted from live leases over all queues.
local room, all_kinds = {}, nil
local function room_of(task_type)
  if not room[task_type] then
    local left = tonumber(redis.call('HGET', limits, task_type) or 'inf')
    if left < math.huge then
      all_kinds = all_kinds or redis.call('SMEMBERS', kinds)
      for _, kind in ipairs(all_kinds) do
        if sub(kind, string.find(kind, '\31', 1, true) + 1) == task_type then
          left = left - redis.call('SCARD', root .. 'running:' .. kind)
        end
      end
    end
    room[task_type] = left
  end
  return room[task_type]
end

local lines = {}
for i = served_from, #ARGV do
  local kind = ARGV[i]
  local task_type = sub(kind, string.find(kind, '\31', 1, true) + 1)
  lines[#lines + 1] = {key = root .. 'ready:' .. kind, kind = kind, task_type = task_type, seen = 0, at = 0, size = 0}
  room_of(task_type)
end
local page = math.min(wanted, 8 + math.ceil(wanted / #lines))

-- Stand at the next task of a line that has no lease; false at its end. Entries with a lease come back when it goes.
local function advance(line)
  while true do
    line.at = line.at + 1
    if line.at > line.size then
      local entries = redis.call('ZRANGE', line.key, line.seen, line.seen + page - 1, 'WITHSCORES')
      line.size, line.at = #entries / 2, 1
      if line.size == 0 then
        line.id = false
        return
      end
      line.ids, line.scores = {}, {}
      for i = 1, line.size do
        line.ids[i], line.scores[i] = entries[2 * i - 1], entries[2 * i]
      end
      line.held = redis.call('HMGET', leases, unpack(line.ids))
    end
    if not line.held[line.at] then
      line.id, line.score = line.ids[line.at], tonumber(line.scores[line.at])
      return
    end
    line.seen = line.seen + 1
  end
end

-- Byte by byte: Lua's own comparison follows the server's locale.
local function is_before(left, right)
  for i = 1, 16 do
    if byte(left, i) ~= byte(right, i) then
      return byte(left, i) < byte(right, i)
    end
  end
  return false
end

for _, line in ipairs(lines) do
  advance(line)
end
local now = clock()
local holder_tail = struct.pack('>Hc0', #executor, executor)
local taken, taken_leases, taken_deadlines, running = {}, {}, {}, {}
local blocked = 0
while #taken < wanted do
  local best
  for _, line in ipairs(lines) do
    if line.id then
      if room[line.task_type] <= 0 then
        blocked = 1
      elseif not best or line.score < best.score or (line.score == best.score and is_before(line.id, best.id)) then
        best = line
      end
    end
  end
  if not best then
    break
  end
  local n = #taken + 1
  taken[n] = best.id
  taken_leases[2 * n - 1] = best.id
  taken_leases[2 * n] = char(0) .. sub(attempts, 16 * n - 15, 16 * n) .. holder_tail .. best.kind
  taken_deadlines[2 * n - 1] = now + lease_ms
  taken_deadlines[2 * n] = best.id
  local of_kind = running[best.kind]
  if not of_kind then
    of_kind = {}
    running[best.kind] = of_kind
  end
  of_kind[#of_kind + 1] = best.id
  room[best.task_type] = room[best.task_type] - 1
  best.seen = best.seen + 1
  advance(best)
end

for _, line in ipairs(lines) do
  if line.seen > 0 then
    redis.call('ZREMRANGEBYRANK', line.key, 0, line.seen - 1)
  end
end
if #taken > 0 then
  redis.call('SADD', held_key, unpack(taken))
  for kind, ids in pairs(running) do
    redis.call('SADD', root .. 'running:' .. kind, unpack(ids))
  end
  redis.call('ZADD', deadlines, unpack(taken_deadlines))
  redis.call('HSET', leases, unpack(taken_leases))
end
return {'ok', table.concat(taken), blocked}
