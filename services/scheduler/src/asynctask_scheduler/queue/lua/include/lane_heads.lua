-- Cursors over the ready tasks of lanes, and the room that the limit of a type leaves.
-- @keys    root leases limits
-- @include records

-- How many more tasks a type's limit allows, counted from its leases in all queues with one command.
local function room_of(task_type)
  local most = tonumber(redis.call('HGET', limits, task_type) or 'inf')
  return most < math.huge and most - redis.call('SCARD', root .. 'running:' .. task_type) or most
end

local function open_lane(lane, task_type)
  return {key = root .. 'ready:' .. lane, lane = lane, task_type = task_type, seen = 0, at = 0, ids = {}, id = false}
end

-- Move to the next task of a lane that has no lease; `id` is false at the end. Entries with a lease are skipped, and
-- removed from the lane: they come back when the lease is dropped. Scores are only read to compare lanes.
local function advance(head, page, with_scores)
  while true do
    local at = head.at + 1
    head.at = at
    if at > #head.ids then
      head.ids = redis.call('ZRANGE', head.key, head.seen, head.seen + page - 1)
      if #head.ids == 0 then
        head.id = false
        return
      end
      if with_scores then
        head.scores = redis.call('ZMSCORE', head.key, unpack(head.ids))
      end
      head.held = redis.call('HMGET', leases, unpack(head.ids))
      head.at, at = 1, 1
    end
    if not head.held[at] then
      head.id = head.ids[at]
      if with_scores then
        head.score = tonumber(head.scores[at])
      end
      return
    end
    head.seen = head.seen + 1
  end
end

-- Whether the first task of one lane goes before that of another. Ties are broken by id, byte by byte: Lua's own
-- comparison of strings follows the server's locale.
local function goes_first(head, other)
  if head.score ~= other.score then
    return head.score < other.score
  end
  for i = 1, 16 do
    local mine, its = byte(head.id, i), byte(other.id, i)
    if mine ~= its then
      return mine < its
    end
  end
  return false
end
