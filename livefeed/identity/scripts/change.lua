-- Set one field of a user's record.   KEYS user   ARGV field, value
-- Returns what it was before.
local before = call('HGET', keys[1], args[1])
if not before then return refuse('not_found', 'There is no such user.') end
call('HSET', keys[1], args[1], args[2])
return before
