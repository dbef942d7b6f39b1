-- Put in front of the scripts of a room's slot.
-- KEYS room (hash: room, its JSON; published, its post's id; variation, which one that was), members (hash: user →
--      'role since'), invites (hash: role → token), thread (sorted set: message ids by their number), messages (hash:
--      id → JSON), totals (hash: message → JSON of its reactions), reactions (sorted set of 'message emoji user', all
--      at 0), strip (sorted set: variation ids by their number), variations (hash: id → JSON), seen (hash: variation →
--      position at which its generation was read), votes (hash: user → variation)
local ROOM, MEMBERS, INVITES, THREAD, MESSAGES, TOTALS, REACTIONS, STRIP, VARIATIONS, SEEN, VOTES = unpack(keys, 1, 11)

-- 'owner', 'editor', 'viewer', or nothing for whoever is not in the room.
local function role_of(user)
  local member = call('HGET', MEMBERS, user)
  return member and member:match('^%l+')
end
