-- Acknowledge an outbox entry for one group; remove it once no group of the stream needs it any more.
-- KEYS outbox   ARGV group, id…
local call = redis.call
local function before(a, b)
  local ams, an = a:match('(%d+)-(%d+)')
  local bms, bn = b:match('(%d+)-(%d+)')
  ams, bms, an, bn = tonumber(ams), tonumber(bms), tonumber(an), tonumber(bn)
  return ams < bms or (ams == bms and an <= bn)
end

local function settled(id)
  for _, group in ipairs(call('XINFO', 'GROUPS', KEYS[1])) do
    local info = {}
    for i = 1, #group, 2 do info[group[i]] = group[i + 1] end
    if not before(id, info['last-delivered-id']) then return false end
    if #call('XPENDING', KEYS[1], info['name'], id, id, 1) > 0 then return false end
  end
  return true
end

local removed = 0
for i = 2, #ARGV do
  if call('XACK', KEYS[1], ARGV[1], ARGV[i]) == 1 and settled(ARGV[i]) then
    removed = removed + call('XDEL', KEYS[1], ARGV[i])
  end
end
return removed
