-- What a pop takes. `lease` takes it, `explain` only looks, so an explanation cannot differ from a pop.
-- @keys    root leases limits
-- @include lane_heads

-- Choose at most `wanted` tasks with the best scores from the lanes that the arguments name from `first` on, within the
-- limits of their types. Returns a table:
--   ids         the tasks, in dispatch order
--   heads       the lane of each
--   lanes       all lanes
--   is_limited  whether one of the types has a limit
--   blocked     1 if a limit held tasks back
local function choose(first, wanted)
  local room, lanes, is_limited = {}, {}, false
  for i = first, #ARGV do
    local lane = ARGV[i]
    local task_type = type_of(lane)
    room[task_type] = room[task_type] or room_of(task_type)
    is_limited = is_limited or room[task_type] < math.huge
    lanes[#lanes + 1] = open_lane(lane, task_type)
  end
  local is_merged = #lanes > 1
  local page = math.min(wanted, 8 + math.ceil(wanted / #lanes))
  for _, head in ipairs(lanes) do
    advance(head, page, is_merged)
  end

  local ids, heads = {}, {}
  local count, blocked = 0, 0
  while count < wanted do
    -- Find the lane whose first task goes first, and the next lane: tasks of the first lane that go before the next
    -- lane's first task need no further comparison with the other lanes.
    local best, second
    for _, head in ipairs(lanes) do
      if head.id then
        if room[head.task_type] <= 0 then
          blocked = 1
        elseif not best or goes_first(head, best) then
          best, second = head, best
        elseif not second or goes_first(head, second) then
          second = head
        end
      end
    end
    if not best then
      break
    end
    local limit = math.min(wanted, count + room[best.task_type])
    local before = count
    repeat
      count = count + 1
      ids[count] = best.id
      heads[count] = best
      best.seen = best.seen + 1
      advance(best, page, is_merged)
    until count >= limit or not best.id or (second and goes_first(second, best))
    room[best.task_type] = room[best.task_type] - (count - before)
  end
  return {ids = ids, heads = heads, lanes = lanes, is_limited = is_limited, blocked = blocked}
end
