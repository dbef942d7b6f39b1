-- ARGV whom to follow no more, who followed as JSON, how long a turn is kept in ms. What they made leaves the timeline.
local id = args[1]
if not follows(id) then return '' end
local since = turn(args[3])
local event = append(1, 'follow.deleted', '{"id":"' .. id .. '"}')
publish('follow.deleted', event,
  string.format('{"follower":%s,"followed":"%s","since":%s}', args[2], id, since))
local whose = call('HGETALL', WHOSE)
for i = 1, #whose, 2 do
  if whose[i + 1] == id then
    call('ZREM', TIMELINE, whose[i])
    call('ZREM', LIVE, whose[i])
    call('HDEL', WHOSE, whose[i])
  end
end
call('ZREM', FOLLOWING, id)
return ''
