-- KEYS too: tombstone of the follower.  ARGV follower, since when in ms, '1' or '0' (no more), how long a tombstone stays.
-- A change that is older than the one known does nothing.  Returns the newest posts, for a new follower, oldest first.
local follower, since, on = args[1], args[2], args[3] == '1'
local known = tonumber(call('ZSCORE', BEGUN, follower) or call('GET', keys[4])) or 0
if tonumber(since) < known then return '' end
if not on then
  call('SET', keys[4], since, 'PX', args[4])
  call('ZREM', FOLLOWERS, follower)
  call('ZREM', BEGUN, follower)
  return ''
end
call('ZADD', BEGUN, since, follower)
call('ZADD', FOLLOWERS, 0, follower)
return table.concat(call('ZRANGE', NEWEST, 0, -1), ' ')
