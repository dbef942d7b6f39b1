-- ARGV who asks, role. Nobody comes in by the role's link any more; whoever did stays.
local refused = needs(args[1], ' owner ', 'Only the owner of a room can end an invitation.')
if refused then return refused end
call('HDEL', INVITES, args[2], args[2] .. ' #')
return ''
