-- ARGV who asks, role, token to take if there is none yet. Returns the role's token.
local refused = needs(args[1], ' owner ', 'Only the owner of a room can invite others into it.')
if refused then return refused end
local token = call('HGET', INVITES, args[2])
if token then return token end
-- The number before the token: a link without its own would count as older than it is.
call('HSET', INVITES, args[2] .. ' #', call('HINCRBY', INVITES, '#', 1))
call('HSET', INVITES, args[2], args[3])
return args[3]
