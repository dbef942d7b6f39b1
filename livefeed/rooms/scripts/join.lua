-- ARGV room id, user, the user as JSON, token, how many members there may be. Nobody loses a right by a link.
local invited
for _, role in ipairs({'viewer', 'editor'}) do
  if call('HGET', INVITES, role) == args[4] then invited = given(args[2], role) end
end
if not invited then
  return refuse('not_found', 'This invitation is not valid, or not any more; ask for another.')
end
local role = role_of(args[2])
if role == 'owner' or role == 'editor' then return role end
local refused = enter(args[1], args[2], args[3], invited, args[5])
if refused then return refused end
return invited
