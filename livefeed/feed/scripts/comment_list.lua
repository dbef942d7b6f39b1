-- ARGV number to stay below ('' : none), limit, how many remixes in the making at most.
-- Returns {the shard's last id, there ('1' or '0'), {id, number, …} newest first, their JSON,
--          ids of remixes in the making, newest first}
if not alive() then return {head(), '0', {}, {}, {}} end
local rows = call('ZREVRANGEBYSCORE', THREAD, args[1] == '' and '+inf' or '(' .. args[1], '-inf',
  'WITHSCORES', 'LIMIT', 0, args[2])
local ids = {}
for i = 1, #rows, 2 do ids[#ids + 1] = rows[i] end
return {head(), '1', rows, #ids > 0 and call('HMGET', COMMENTS, unpack(ids)) or {},
  call('ZREVRANGEBYSCORE', EASEL, '+inf', '-inf', 'LIMIT', 0, args[3])}
