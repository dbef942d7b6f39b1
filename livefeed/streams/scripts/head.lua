-- Put in front of every script that reads a snapshot: head() is the shard's last id, the position it stands for.
-- KEYS fan, keys…   ARGV args…
local call = redis.call
local keys, args = {}, ARGV
for i = 2, #KEYS do keys[i - 1] = KEYS[i] end
local function head()
  local entry = call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  return entry and entry[1] or '0-0'
end
