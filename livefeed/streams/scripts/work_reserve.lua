-- ARGV job, hold_ms, limit per person, limit in all.  Returns 'ok', 'own_limit' or 'busy'.
local job, time = ARGV[1], now()
call('ZREMRANGEBYSCORE', held, '-inf', time)
call('ZREMRANGEBYSCORE', mine, '-inf', time)
if call('ZSCORE', held, job) then return 'ok' end
if call('ZCARD', mine) >= tonumber(ARGV[3]) then return 'own_limit' end
if call('ZCARD', held) >= tonumber(ARGV[4]) then return 'busy' end
call('ZADD', mine, time + ARGV[2], job)
call('PEXPIRE', mine, 7 * DAY_MS)
call('ZADD', held, time + ARGV[2], job)
return 'ok'
