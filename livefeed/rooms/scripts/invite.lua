-- ARGV who asks, role, token to take if there is none yet. Returns the role's token.
local refused = needs(args[1], ' owner ', 'Only the owner of a room can invite others into it.')
if refused then return refused end
call('HSETNX', INVITES, args[2], args[3])
return call('HGET', INVITES, args[2])
