-- The lines that have something: a task in line, or a lease. A line is listed in the step that gives it the first, and
-- forgotten in the step that takes the last, so names that were used once cost nothing afterwards.
-- @keys    root kinds
local function forget_lane(lane)
  if redis.call('EXISTS', root .. 'ready:' .. lane, root .. 'running:' .. lane) == 0 then
    redis.call('SREM', kinds, lane)
  end
end
