-- Put behind ballot.lua in front of what gives somebody a role.
-- enter(room, user, shown, role, limit): shown: the person as JSON. Returns a refusal, or nothing.
local function enter(room, user, shown, role, limit)
  local member = call('HGET', MEMBERS, user)
  if member and member:match('^%l+') == role then return end
  if not member and call('HLEN', MEMBERS) >= tonumber(limit) then
    return refuse('conflict', 'This room is full: it has ' .. limit .. ' members.')
  end
  local since = member and member:match('%d+$') or string.format('%.0f', now())
  if role == 'viewer' then unvote(room, user, shown) end
  local mark = append(1, 'room.member', string.format('{"user":%s,"role":"%s"}', shown, role))
  publish('room.member', mark, string.format('{"room":"%s","user":"%s","role":"%s","since":%s}', room, user, role, since))
  call('HSET', MEMBERS, user, role .. ' ' .. since)
end
