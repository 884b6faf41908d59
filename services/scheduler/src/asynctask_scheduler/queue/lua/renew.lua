-- Extend leases of one executor. Notes with every verdict that the executor is alive, if it is known.
-- @keys    standings leases deadlines executors
-- @args    executor session:number lease_ms:number named...
-- @include clock identity records sessions
-- @returns {verdict, {attempt...} lost, {task and attempt...} unknown, {task, attempt and requested...}, ms that were
-- left of the lease that would have run out first, or -1}
local now = clock()
if redis.call('EXISTS', session_key(executor)) == 1 then
  redis.call('ZADD', executors, now, executor)
end
local verdict = session_verdict(executor, session)
if verdict ~= 'superseded' then
  verdict = is_marked() and 'ok' or 'no_marker'
end
local ids, lost, unknown, requests, least = {}, {}, {}, {}, -1
for i = named_from, #ARGV do
  ids[#ids + 1] = sub(ARGV[i], 1, 16)
end
if #ids == 0 then
  return {verdict, lost, unknown, requests, least}
end
local held = redis.call('HMGET', leases, unpack(ids))
local kept = redis.call('HMGET', standings, unpack(ids))
local ends = redis.call('ZMSCORE', deadlines, unpack(ids))
local extended, flagged = {}, {}
for i = 1, #ids do
  local id, lease, standing = ids[i], held[i], kept[i]
  local name = ARGV[named_from + i - 1]
  local attempt = sub(name, 17)
  local is_held = lease and sub(lease, 2, 17) == attempt
  local runs = standing and byte(standing, 10) == LEASED and attempt_of(standing) == attempt
  if is_held and has_flag(lease, EXPIRING) then
    lost[#lost + 1] = attempt
  else
    if is_held then
      if ends[i] then
        local left = math.max(0, ends[i] - now)
        least = least < 0 and left or math.min(least, left)
      end
      extended[#extended + 1] = now + lease_ms
      extended[#extended + 1] = id
      if not has_flag(lease, RENEWED) then
        flagged[#flagged + 1] = id
        flagged[#flagged + 1] = char(byte(lease) + RENEWED) .. sub(lease, 2)
      end
    end
    -- The attempt may run while a newer, still unconfirmed one has the lease: then the standing proves that it runs.
    if verdict == 'no_marker' or not (is_held or (lease and runs)) then
      unknown[#unknown + 1] = name
    elseif runs and byte(standing, 11) ~= 0 then
      requests[#requests + 1] = name .. sub(standing, 11, 11)
    end
  end
end
if #extended > 0 then
  redis.call('ZADD', deadlines, unpack(extended))
end
if #flagged > 0 then
  redis.call('HSET', leases, unpack(flagged))
end
return {verdict, lost, unknown, requests, least}
