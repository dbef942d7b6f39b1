-- Put behind rights.lua in front of what touches votes.
-- counted(user, variation): the votes as JSON {variation: n} and as a table, as if `user` had this one (false: none).
local function counted(user, variation)
  local flat, counts, ids = call('HGETALL', VOTES), {}, {}
  local function add(id)
    if not counts[id] then ids[#ids + 1] = id end
    counts[id] = (counts[id] or 0) + 1
  end
  for i = 1, #flat, 2 do
    if flat[i] ~= user then add(flat[i + 1]) end
  end
  if variation then add(variation) end
  table.sort(ids)
  for i, id in ipairs(ids) do ids[i] = string.format('"%s":%d', id, counts[id]) end
  return '{' .. table.concat(ids, ',') .. '}', counts
end

-- Tell of a vote and store it; shown: the voter as JSON. The state comes last, so that a repeat completes what broke.
local function vote(room, user, shown, variation, on)
  local votes = counted(user, on and variation)
  local mark = append(1, 'room.vote', string.format('{"variation":"%s","user":%s,"on":%s,"votes":%s}',
    variation, shown, on and 'true' or 'false', votes))
  publish('room.changed', mark, '{"room":"' .. room .. '"}')
  if on then call('HSET', VOTES, user, variation) else call('HDEL', VOTES, user) end
end

local function unvote(room, user, shown)
  local variation = call('HGET', VOTES, user)
  if variation then vote(room, user, shown, variation, false) end
end
