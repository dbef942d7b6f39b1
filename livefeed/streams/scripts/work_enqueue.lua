-- ARGV job, who.  Returns {place in line (0: not waiting), average_ms, running}. Repeats change nothing.
--
-- Fair per person: everybody's n-th waiting job belongs to the n-th round from now, rounds are served in order, and
-- within a round who came first. Somebody with one job waits behind one job of everybody else, not behind all.
local job, who = ARGV[1], ARGV[2]
local r = record(job)
if not r and not call('ZSCORE', ended, job) then
  local last = call('HGET', rounds, who)
  local round = math.max(tonumber(call('HGET', counters, 'round') or 0), last and last + 1 or 0)
  local member = string.format('%016.0f:%s', call('HINCRBY', counters, 'sequence', 1), job)
  r = {who = who, member = member, round = round, token = 0, attempt = 0}
  call('ZADD', mine, now() + 7 * DAY_MS, job)
  call('PEXPIRE', mine, 7 * DAY_MS)
  call('ZADD', held, now() + 7 * DAY_MS, job)
  call('HSET', rounds, who, round)
  call('ZADD', line, round, member)
  call('HSET', told, job, place_of(r))
  r.ticket = call('XADD', stream, '*', 'j', job)
  keep(job, r)
end
local running = call('XLEN', stream) - call('ZCARD', line)
return {r and place_of(r) or 0, call('HGET', counters, 'average_ms') or '0', running}
