-- Put in front of every script of the work queue. All keys are in one slot of their own.
--   stream   one ticket per job that is not over; the group `workers` says who holds which
--   jobs     hash: job -> record {who, member, round, ticket, token (0: waiting), attempt}, and 'ticket <id>' -> job;
--            in one hash, so that one write moves both sides
--   line     sorted set of the waiting: score round, member `<sequence>:<job>`
--   held     sorted set: job -> when its place is given back if nobody confirms it
--   counters hash: sequence, token, round, average_ms
--   ended    sorted set: job -> when it ended, for a day; a late repeat must not bring it back
--   told     hash: job -> the place it was last told
--   rounds   hash: who -> the round of their newest job
--   mine     the same as `held`, of one person
-- Lua does not roll back. A job is what its record says: a ticket that its record does not name, and a member of the
-- line that its record does not name or that does not wait, are what a failed write left behind, and are swept.
local call = redis.call
local stream, jobs, line, held, counters = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local ended, told, rounds, mine = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local GROUP, DAY_MS = 'workers', 86400000

local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function record(job)
  local text = job and call('HGET', jobs, job)
  return text and cjson.decode(text)
end

-- The job and the record of a ticket, or nothing for one that was left behind.
local function holder(ticket)
  local job = call('HGET', jobs, 'ticket ' .. ticket)
  local r = record(job)
  if r and r.ticket == ticket then return job, r end
end

local function keep(job, r) call('HSET', jobs, job, cjson.encode(r), 'ticket ' .. r.ticket, job) end

-- Acknowledged last: until then a repeat, or whoever claims it, finds it again.
local function drop_ticket(ticket)
  call('XDEL', stream, ticket)
  call('HDEL', jobs, 'ticket ' .. ticket)
  call('XACK', stream, GROUP, ticket)
end

-- Back to where it stood in line: its round has come, so that is the front. A crash counts as an attempt.
-- The new ticket wakes a worker that waits for one; the old one would have to lie idle for a lease first.
local function give_back(job, r, crashed)
  local ticket = r.ticket
  if r.token > 0 then
    r.token = 0
    if not crashed then r.attempt = r.attempt - 1 end
    call('ZADD', line, r.round, r.member)
  end
  r.ticket = call('XADD', stream, '*', 'j', job)
  keep(job, r)
  drop_ticket(ticket)
end

local function place_of(r)
  local rank = call('ZRANK', line, r.member)
  return rank and rank + 1 or 0
end
