-- ARGV job, who, token ('' : whoever holds it), took_ms ('' : says nothing about how long jobs take).
-- Returns 1, or 0 if somebody else holds the job. Its place and its ticket are free afterwards; repeats are harmless.
local job, who, time = ARGV[1], ARGV[2], now()
local r = record(job)
if r and ARGV[3] ~= '' and r.token ~= tonumber(ARGV[3]) then return 0 end
call('ZREMRANGEBYSCORE', ended, '-inf', time - DAY_MS)
call('ZADD', ended, time, job)
if r then
  call('ZREM', line, r.member)
  drop_ticket(r.ticket)
end
if ARGV[4] ~= '' then
  local average = tonumber(call('HGET', counters, 'average_ms') or ARGV[4])
  call('HSET', counters, 'average_ms', string.format('%.0f', average + (ARGV[4] - average) / 5))
end
call('ZREM', mine, job)
call('ZREM', held, job)
call('HDEL', told, job)
if call('ZCARD', mine) == 0 then call('HDEL', rounds, who) end
call('HDEL', jobs, job)
return 1
