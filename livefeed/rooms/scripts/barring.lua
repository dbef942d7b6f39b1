-- Put behind rights.lua in front of what takes rights away, or gives them.
-- The owner's word stands against the links that there were when it was given: whoever was taken out does not come back by
-- one of them, and whoever was made a viewer does not become an editor again by one.
-- bar(user, role, limit): role: what those links give them at most from now on ('-': nothing). When more than `limit` people
-- are barred, all links end instead: then nobody needs to be.
local function bar(user, role, limit)
  if call('HLEN', BARS) >= tonumber(limit) and call('HEXISTS', BARS, user) == 0 then
    call('HDEL', INVITES, 'viewer', 'editor', 'viewer #', 'editor #')
    call('DEL', BARS)
  end
  call('HSET', BARS, user, (call('HGET', INVITES, '#') or '0') .. ' ' .. role)
end

-- What the link of a role gives a person: the role, a lower one, or nothing.
local function given(user, role)
  local barred = call('HGET', BARS, user)
  if not barred then return role end
  local number, most = barred:match('^(%d+) (.+)$')
  if tonumber(call('HGET', INVITES, role .. ' #') or '0') > tonumber(number) then return role end
  if most == 'viewer' then return 'viewer' end
end
