-- ARGV room id, who says so, user, the user as JSON, role, how many members there may be.
local refused = needs(args[2], ' owner ', 'Only the owner of a room says who may do what in it.')
if refused then return refused end
if role_of(args[3]) == 'owner' then return refuse('conflict', 'The owner of a room stays its owner.') end
refused = enter(args[1], args[3], args[4], args[5], args[6])
if refused then return refused end
return call('HGET', MEMBERS, args[3])
