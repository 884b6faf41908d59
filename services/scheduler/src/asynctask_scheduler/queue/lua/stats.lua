-- Counts over all lanes; see lane_stats for those of each lane.
-- @keys    timers leases expiring intents
-- @returns {timed, leases, expiring, intents}
return {
  redis.call('ZCARD', timers),
  redis.call('HLEN', leases),
  redis.call('ZCARD', expiring),
  redis.call('ZCARD', intents),
}
