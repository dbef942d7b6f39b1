-- ARGV room id, who says so, user, the user as JSON, how many may be barred. They are out once it is all told: a repeat completes what broke, and
-- to leave what one is not in is done already, whether or not there is such a room.
local room, acting, user, shown = unpack(args, 1, 4)
local role = role_of(user)
if acting == user then
  if role == 'owner' then return refuse('conflict', 'The owner of a room cannot leave it.') end
else
  local refused = needs(acting, ' owner ', 'Only the owner of a room can take others out of it.')
  if refused then return refused end
end
if not role then return '' end
if acting ~= user then bar(user, '-', args[5]) end
unvote(room, user, shown)
local mark = append(1, 'room.member', '{"user":' .. shown .. ',"role":null}')
publish('room.member', mark, string.format('{"room":"%s","user":"%s","role":null}', room, user))
call('HDEL', MEMBERS, user)
return ''
