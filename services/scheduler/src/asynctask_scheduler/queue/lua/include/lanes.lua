-- `kinds` lists the lanes that have a ready task or a lease. The step that adds a lane's first one lists the lane, and
-- the step that removes the last one deletes it, so that names used once leave nothing behind.
-- @keys    root kinds
local function forget_lane(lane)
  if redis.call('EXISTS', root .. 'ready:' .. lane, root .. 'running:' .. lane) == 0 then
    redis.call('SREM', kinds, lane)
  end
end
