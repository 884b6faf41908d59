-- Counts that need no look at lines; see lane_stats for those.
-- @keys    timers leases expiring intents
-- @returns {timed, leases, expiring, intents}
return {
  redis.call('ZCARD', timers),
  redis.call('HLEN', leases),
  redis.call('ZCARD', expiring),
  redis.call('ZCARD', intents),
}
