-- ARGV whom to follow: id and user as JSON, who follows as JSON, how many one may follow, how long a turn is kept in ms.
local id = args[1]
if follows(id) then return '' end
if call('ZCARD', FOLLOWING) >= tonumber(args[4]) then
  return refuse('conflict', 'You follow ' .. args[4] .. ' people already; unfollow somebody first.')
end
local since = turn(args[5])
local event = append(1, 'follow.created', '{"user":' .. args[2] .. '}')
publish('follow.created', event,
  string.format('{"follower":%s,"followed":"%s","since":%s}', args[3], id, since))
call('ZADD', FOLLOWING, since, id)
return ''
