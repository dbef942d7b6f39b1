-- KEYS as notices.lua.  ARGV time to stay below ('' : none), limit.
-- Returns {the shard's last id, how many are unread, the time up to which all are read, {id, time, …} newest first, JSON}
local NOTICES, TEXTS, STATE = unpack(keys, 1, 3)
local read = call('HGET', STATE, 'read') or '0'
local rows = call('ZREVRANGEBYSCORE', NOTICES, args[1] == '' and '+inf' or '(' .. args[1], '-inf',
  'WITHSCORES', 'LIMIT', 0, args[2])
local ids = {}
for i = 1, #rows, 2 do ids[#ids + 1] = rows[i] end
return {head(), call('ZCOUNT', NOTICES, '(' .. read, '+inf'), read, rows, #ids > 0 and call('HMGET', TEXTS, unpack(ids)) or {}}
