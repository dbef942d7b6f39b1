-- ARGV job.  Drops a dead letter. Returns 1 if there was one.
local found = call('HEXISTS', dead, ARGV[1])
call('ZREM', buried, ARGV[1])
call('HDEL', dead, ARGV[1])
return found
