-- Put behind room.lua in front of what changes a room.
-- needs(user, roles, why) returns the refusal for whoever has none of the roles (' role role '), else nothing.
local function no_room() return refuse('not_found', 'There is no such room, or you are not in it.') end

local function needs(user, roles, why)
  local role = role_of(user)
  if not role then return no_room() end
  if not roles:find(' ' .. role .. ' ', 1, true) then return refuse('forbidden', why) end
end

local function published()
  if call('HEXISTS', ROOM, 'published') == 1 then
    return refuse('conflict', 'This room has published its picture: what it voted on is decided.')
  end
end
