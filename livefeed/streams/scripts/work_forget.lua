-- ARGV job, who, token ('' : whoever holds it), life, pace ('' : says nothing about how long jobs take), its kind.
-- Returns 1, or 0 if somebody else holds the job. Its place and its ticket are free afterwards; repeats are harmless.
local job, who, time = ARGV[1], ARGV[2], now()
local r = record(job)
if r and ARGV[3] ~= '' and r.token ~= tonumber(ARGV[3]) then return 0 end
call('ZREMRANGEBYSCORE', ended, '-inf', time - DAY_MS)
call('ZADD', ended, time, life_of(job, ARGV[4]))
if r and r.life > tonumber(ARGV[4]) then return 1 end
if r then
  if r.token == 0 and r.round >= 0 then leave_round(who, job, r, LEFT) end
  end_life(job, r)
end
if ARGV[5] ~= '' then
  call('ZADD', paced, time, ARGV[6])
  call('HSET', paces, ARGV[6], ARGV[5])
  for _, old in ipairs(call('ZRANGE', paced, 0, -101)) do
    call('HDEL', paces, old)
    call('ZREM', paced, old)
  end
end
call('ZREM', mine, job)
call('ZREM', held, job)
call('HDEL', told, job)
if call('ZCARD', line) == 0 then call('DEL', turns) end -- nobody waits who could be overtaken
call('HDEL', jobs, job)
return 1
