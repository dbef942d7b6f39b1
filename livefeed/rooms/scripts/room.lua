-- Put in front of the scripts of a room's slot.
-- KEYS room (hash: room, its JSON; published, its post's id; variation, which one that was;
--      epoch, of its document), members (hash: user →
--      'role since'), invites (hash: role → token), thread (sorted set: message ids by their number), messages (hash:
--      id → JSON), totals (hash: message → JSON of its reactions), reactions (sorted set of 'message emoji user', all
--      at 0), strip (sorted set: variation ids by their number), variations (hash: id → JSON), seen (hash: variation →
--      position at which its generation was read), votes (hash: user → variation), bars (hash: user → 'number role':
--      links up to that number give them this role at most, '-': they do not let them in)
-- In invites there is also '#' → how many links were made, and 'role #' → which of them the role's is.
local ROOM, MEMBERS, INVITES, THREAD, MESSAGES, TOTALS, REACTIONS, STRIP, VARIATIONS, SEEN, VOTES, BARS = unpack(keys, 1, 12)

-- 'owner', 'editor', 'viewer', or nothing for whoever is not in the room.
local function role_of(user)
  local member = call('HGET', MEMBERS, user)
  return member and member:match('^%l+')
end

-- The room's JSON and its post; false for what there is not. Its document is begun anew where the store has lost it, and
-- then has another epoch than the room was opened with.
local function opened()
  local room, published, epoch = unpack(call('HMGET', ROOM, 'room', 'published', 'epoch'))
  if room and epoch then room = room:gsub('"epoch":"%w*"', '"epoch":"' .. epoch .. '"', 1) end
  return room, published
end
