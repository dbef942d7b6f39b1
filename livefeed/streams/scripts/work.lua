-- Put in front of every script of the work queue. All keys are in one slot of their own.
--   stream   one ticket per job that is not over; the group `workers` says who holds which
--   jobs     hash: job -> record {who, member, round, ticket, token (0: waiting), attempt}
--   tickets  hash: ticket -> job; with `jobs` a bijection, kept when a ticket goes to another job than its first
--   line     sorted set of the waiting: score round, member `<sequence>:<job>`
--   held     sorted set: job -> when its place is given back if nobody confirms it
--   counters hash: sequence, token, round, average_ms
--   ended    sorted set: job -> when it ended, for a day; a late repeat must not bring it back
--   told     hash: job -> the place it was last told
--   rounds   hash: who -> the round of their newest job
--   mine     the same as `held`, of one person
local call = redis.call
local stream, jobs, tickets, line, held = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local counters, ended, told, rounds, mine = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local GROUP, DAY_MS = 'workers', 86400000

local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function record(job)
  local text = job and call('HGET', jobs, job)
  return text and cjson.decode(text)
end

local function keep(job, r) call('HSET', jobs, job, cjson.encode(r)) end

local function drop_ticket(ticket)
  call('XACK', stream, GROUP, ticket)
  call('XDEL', stream, ticket)
  call('HDEL', tickets, ticket)
end

-- A new ticket wakes a worker that waits for one; an old one would have to lie idle for a lease first.
local function reissue(job, r)
  drop_ticket(r.ticket)
  r.ticket = call('XADD', stream, '*', 'j', job)
  call('HSET', tickets, r.ticket, job)
end

-- Back to where it stood in line: its round has come, so that is the front. A crash counts as an attempt.
local function give_back(job, r, crashed)
  if r.token > 0 then
    r.token = 0
    if not crashed then r.attempt = r.attempt - 1 end
    call('ZADD', line, r.round, r.member)
  end
  reissue(job, r)
  keep(job, r)
end

local function place_of(r)
  local rank = call('ZRANK', line, r.member)
  return rank and rank + 1 or 0
end
