-- ARGV post ('' : it changes nothing of the newest), created in ms ('' : it goes), how many of the newest are kept,
--      follower to go on after ('' : from the first), how many followers, how many there may be at most ('' : any).
-- In one step, so that a new follower either is among those who are told or finds the post among the newest.
if args[1] ~= '' then
  if args[2] == '' then call('ZREM', NEWEST, args[1]) else call('ZADD', NEWEST, args[2], args[1]) end
  call('ZREMRANGEBYRANK', NEWEST, 0, -(tonumber(args[3]) + 1))
end
if args[6] ~= '' and call('ZCARD', FOLLOWERS) > tonumber(args[6]) then return '' end
local after = args[4] == '' and '-' or '(' .. args[4]
return table.concat(call('ZRANGEBYLEX', FOLLOWERS, after, '+', 'LIMIT', 0, args[5]), ' ')
