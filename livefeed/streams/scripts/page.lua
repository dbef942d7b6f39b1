-- One page of a topic, and the proof of what it stands on, in one round trip.
-- KEYS fan, stream, latest
-- ARGV position ('' : none), cut, limit, replay (newest events when there is no position), values ('1' : wanted)
-- Returns {cut held, position good, at, entries, values}
local call = redis.call
local fan, stream = KEYS[1], KEYS[2]
local position, cut, limit, replay = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local DAY_MS = 86400000

local function in_stream(key, id) return #call('XRANGE', key, id, id) > 0 end

local function in_shard(id)
  if id == '0-0' then return call('EXISTS', fan) == 0 end
  return in_stream(fan, id)
end

local function young(id)
  if id == '0-0' then return true end
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(id:match('%d+')) <= DAY_MS
end

local held = in_shard(cut)
local good, at, entries = true, cut, {}
if position ~= '' then
  at = position
  good = (position ~= '0-0' and in_stream(stream, position)) or (in_shard(position) and young(position))
  if good then entries = call('XRANGE', stream, '(' .. position, cut, 'COUNT', limit) end
elseif replay > 0 then
  local newest = call('XREVRANGE', stream, cut, '-', 'COUNT', replay)
  for i = #newest, 1, -1 do entries[#entries + 1] = newest[i] end
  if entries[1] then at = entries[1][2][2] end
end
return {held and 1 or 0, good and 1 or 0, at, entries, ARGV[5] == '1' and call('HGETALL', KEYS[3]) or {}}
