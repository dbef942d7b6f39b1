-- ARGV job, life, letter, at in ms, how many are kept, how long in ms.  Writes a dead letter, once for each life.
local job, life = ARGV[1], tonumber(ARGV[2])
local mark, r = 'dead ' .. life_of(job, life), record(ARGV[1])
if call('ZSCORE', ended, mark) or call('ZSCORE', ended, life_of(job, life + 1)) or (r and r.life > life) then return 0 end
call('HSET', dead, job, ARGV[3])
call('ZADD', buried, ARGV[4], job)
for _, old in ipairs(call('ZRANGE', buried, 0, -1 - ARGV[5])) do
  call('HDEL', dead, old)
  call('ZREM', buried, old)
end
for _, old in ipairs(call('ZRANGEBYSCORE', buried, '-inf', now() - ARGV[6])) do
  call('HDEL', dead, old)
  call('ZREM', buried, old)
end
call('ZADD', ended, now(), mark)
return 1
