-- What a person reacts to, in their slot. KEYS liked (sorted set: post ids by when they began to), mark of this post.
-- ARGV post id, since when in ms ('' : no more), id of the event that says so, how many are kept, how long a mark stays in
--      ms.
-- Events overtake each other on their way here: what a later one said stands.
if not newer(keys[2], args[3]) then return '' end
if args[2] ~= '' then
  call('ZADD', keys[1], args[2], args[1])
  call('ZREMRANGEBYRANK', keys[1], 0, -(tonumber(args[4]) + 1))
else
  call('ZREM', keys[1], args[1])
end
call('SET', keys[2], args[3], 'PX', args[5])
return ''
