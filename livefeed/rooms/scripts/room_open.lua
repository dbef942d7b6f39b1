-- ARGV room id, the room's JSON without `created` and its closing brace, owner, the owner as JSON.
-- The owner comes in last: with them the room is there, and a repeat changes nothing.
if not role_of(args[3]) then
  if call('HEXISTS', ROOM, 'room') == 0 then
    call('HSET', ROOM, 'room', args[2] .. string.format(',"created":%.0f}', now()))
  end
  enter(args[1], args[3], args[4], 'owner', 1)
end
return args[1]
