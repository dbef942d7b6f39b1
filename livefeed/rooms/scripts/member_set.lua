-- ARGV room id, who says so, user, the user as JSON, role, how many members there may be, how many may be barred.
local refused = needs(args[2], ' owner ', 'Only the owner of a room says who may do what in it.')
if refused then return refused end
if role_of(args[3]) == 'owner' then return refuse('conflict', 'The owner of a room stays its owner.') end
-- Behind what refuses, before what is told: a repeat completes what broke.
local full = not role_of(args[3]) and call('HLEN', MEMBERS) >= tonumber(args[6])
if not full then
  if args[5] == 'editor' then
    call('HDEL', BARS, args[3])
  else
    bar(args[3], 'viewer', args[7])
  end
end
refused = enter(args[1], args[3], args[4], args[5], args[6])
if refused then return refused end
return call('HGET', MEMBERS, args[3])
