-- ARGV job, who, kind, units, priority, due in ms ('' : none), life, first and alive_ms (see outlook).
-- Returns {place (0: not waiting), outlook, its round}. Repeats change nothing.
--
-- Fair per person: everybody's n-th waiting job belongs to the n-th round from now (of who has had a turn in this one, to
-- the n-th after it), rounds are served in order, and within a round who came first. Somebody with one job waits behind
-- one job of everybody else, not behind all; somebody with many is not overtaken again and again by who comes back.
-- A priority decides which of a person's own rounds a job gets; it takes nothing from anybody else.
local job, who, life = ARGV[1], ARGV[2], tonumber(ARGV[7])
local REMEMBERED, CAME = 100000, 100
local r = record(job)
-- An operator has it tried again, and that its first life is over has not been told here yet.
if r and r.life < life then
  end_life(job, r)
  r = nil
end
if not r and not call('ZSCORE', ended, life_of(job, life)) then
  local last = call('ZSCORE', turns, who)
  local round = math.max(tonumber(call('HGET', counters, 'round') or 0), last and last + 1 or 0)
  local member = string.format('%016.0f:%s', call('HINCRBY', counters, 'sequence', 1), job)
  r = {
    who = who, member = member, round = round, token = 0, attempt = 0,
    kind = ARGV[3], units = tonumber(ARGV[4]), priority = tonumber(ARGV[5]), due = tonumber(ARGV[6]), life = life
  }
  local waiting, dealt = {{job = job, r = r}}, {round}
  if r.priority > 0 then
    for _, one in ipairs(waiting_of_mine()) do
      waiting[#waiting + 1] = one
      dealt[#dealt + 1] = one.r.round
    end
  end
  call('ZADD', mine, now() + 7 * DAY_MS, job)
  call('PEXPIRE', mine, 7 * DAY_MS)
  call('ZADD', held, now() + 7 * DAY_MS, job)
  call('ZADD', turns, round, who)
  call('ZREMRANGEBYRANK', turns, 0, -1 - REMEMBERED)
  if r.due then call('ZADD', due, r.due, job) end
  call('HDEL', dead, job)
  call('ZREM', buried, job)
  r.ticket = call('XADD', stream, '*', 'j', job)
  local scores, records = deal(waiting, dealt, job)
  call('ZADD', line, unpack(scores))
  call('HSET', jobs, 'ticket ' .. r.ticket, job, unpack(records))
  call('LPUSH', came, cjson.encode({who, now(), r.kind, r.units}))
  call('LTRIM', came, 0, CAME - 1)
end
return {r and r.token == 0 and place_of(r) or 0, outlook(ARGV[8], ARGV[9]), r and r.round or 0}
