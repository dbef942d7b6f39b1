-- One page of a topic, and the proof of what it stands on, in one round trip.
-- KEYS fan, stream, latest
-- ARGV position ('' : none), cut, limit, replay (newest events when there is no position), values ('1' : wanted)
-- Returns {cut held, position good, at, entries, values, complete}
local call = redis.call
local fan, stream = KEYS[1], KEYS[2]
local position, cut, limit, replay = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local DAY_MS = 86400000
local PAGE_BYTES = 32768

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

-- As many of the entries, in this order, as fit; one always does.
local function fitting(found)
  local fit, bytes = {}, 0
  for _, entry in ipairs(found) do
    bytes = bytes + #entry[2][6]
    if #fit > 0 and bytes > PAGE_BYTES then break end
    fit[#fit + 1] = entry
  end
  return fit
end

local held = in_shard(cut)
local good, at, entries, complete = true, cut, {}, 1
if position ~= '' then
  at = position
  good = (position ~= '0-0' and in_stream(stream, position)) or (in_shard(position) and young(position))
  if good then
    local found = call('XRANGE', stream, '(' .. position, cut, 'COUNT', limit)
    entries = fitting(found)
    if #found == limit or #entries < #found then complete = 0 end
  end
elseif replay > 0 then
  local newest = fitting(call('XREVRANGE', stream, cut, '-', 'COUNT', replay))
  for i = #newest, 1, -1 do entries[#entries + 1] = newest[i] end
  if entries[1] then at = entries[1][2][2] end
end
return {held and 1 or 0, good and 1 or 0, at, entries, ARGV[5] == '1' and call('HGETALL', KEYS[3]) or {}, complete}
