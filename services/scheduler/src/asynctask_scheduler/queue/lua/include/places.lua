-- Puts tasks into the place that their standing names, and drops leases.
-- @keys    root leases deadlines expiring timers progress kinds limits
-- @include clock records writes hints lanes
local now = clock()
local additions, freed, left, leases_created = {}, {}, {}, 0

local function put_in_lane(id, score, lane)
  local addition = additions[lane]
  if not addition then
    addition = arguments_of('ZADD', root .. 'ready:' .. lane)
    additions[lane] = addition
    write('SADD', kinds, lane)
  end
  add(addition, score, id)
end

local function write_lease(id, lease, deadline)
  local executor, lane = holder_of(lease, 2)
  write('HSET', leases, id, lease)
  write('ZADD', deadlines, deadline, id)
  write('SADD', root .. 'held:' .. executor, id)
  write('SADD', root .. 'running:' .. lane, id)
  write('SADD', root .. 'running:' .. type_of(lane), id)
  write('SADD', kinds, lane)
end

-- Remove a task from the ready set of its lane.
local function leave_lane(id, lane)
  write('ZREM', root .. 'ready:' .. lane, id)
  left[lane] = true
end

local ended = arguments_of('HDEL', leases)

local function drop_lease(id, lease)
  local holder = sub(lease, 18)
  local counted = freed[holder]
  if not counted then
    local executor, lane = holder_of(lease, 2)
    counted = {
      executor = executor,
      lane = lane,
      ids = {n = 0},
    }
    left[lane] = true
    freed[holder] = counted
  end
  add(counted.ids, id)
  add(ended, id)
  if has_flag(lease, EXPIRING) then
    write('ZREM', expiring, id)
  end
end

-- Put a task without a lease into the place that `standing` names.
local function settle(id, standing, place, lease_ms)
  if place == READY then
    put_in_lane(id, score_of(standing), lane_of(standing, READY))
  elseif place == TIMED then
    local due = due_of(standing)
    if due <= now then
      put_in_lane(id, score_of(standing), lane_of(standing, TIMED))
    else
      write('ZADD', timers, due, id)
    end
  elseif place == LEASED then
    write_lease(id, char(0) .. sub(standing, 13), now + lease_ms)
    leases_created = leases_created + 1
  end
end

-- If leases of a limited type ended, every lane of that type may have room: a type without a queue means all of them.
local function limited_lanes()
  local looked, found = {}, {}
  for _, counted in pairs(freed) do
    local task_type = type_of(counted.lane)
    if not looked[task_type] then
      looked[task_type] = true
      if redis.call('HEXISTS', limits, task_type) == 1 then
        found[#found + 1] = any_queue(task_type)
      end
    end
  end
  return found
end

-- Write everything, publish `wake`, and return the common answer of `apply` and `abandon`.
local function finish(changed)
  if ended.n > 0 then
    redis.call('ZREM', deadlines, unpack(ended, 1, ended.n))
    if redis.call('EXISTS', progress) == 1 then -- short tasks have none
      redis.call('HDEL', progress, unpack(ended, 1, ended.n))
    end
    for _, counted in pairs(freed) do
      local ids = counted.ids
      redis.call('SREM', root .. 'held:' .. counted.executor, unpack(ids, 1, ids.n))
      redis.call('SREM', root .. 'running:' .. counted.lane, unpack(ids, 1, ids.n))
      redis.call('SREM', root .. 'running:' .. type_of(counted.lane), unpack(ids, 1, ids.n))
    end
  end
  flush()
  for lane in pairs(left) do
    if not additions[lane] then
      forget_lane(lane)
    end
  end
  local ready, executors = {}, {}
  for lane in pairs(additions) do
    ready[#ready + 1] = lane
  end
  for _, lane in ipairs(limited_lanes()) do
    ready[#ready + 1] = lane
  end
  for _, counted in pairs(freed) do
    executors[#executors + 1] = counted.executor
  end
  if #ready > 0 then
    redis.call('PUBLISH', root .. 'wake', table.concat(ready, '\n'))
  end
  return {changed, leases_created, ready, executors}
end
