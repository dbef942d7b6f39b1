-- Put in front of every script of the work queue. All keys are in one slot of their own.
--   stream   one ticket per job that waits in line or runs; the group `workers` says who holds which
--   jobs     hash: job -> record, and 'ticket <id>' -> job; in one hash, so that one write moves both sides
--   line     sorted set of the waiting: score round (-1: urgent), member `<sequence>:<job>`
--   held     sorted set: job -> when its place is given back if nobody confirms it
--   counters hash: sequence, token, round
--   ended    sorted set: job (from its second life on with '#<life>') -> when it ended, for a day; a late repeat must
--            not bring it back. 'dead <the same>' marks that its dead letter was written.
--   told     hash: job -> '<place> <in how many seconds it was to be done, or nothing>' as it was last told
--   turns    sorted set: who -> the round of their newest job, also once that is over: who comes again comes after it.
--            Of rounds that were served, and while nobody waits, nothing is kept
--   resting  sorted set: job -> when it goes back into the line; it has no ticket meanwhile
--   due      sorted set: waiting job -> by when it must have started
--   dead     hash: job -> its dead letter; `buried` sorted set: job -> when
--   paces    hash: kind of job -> how long such a job takes, as JSON that only the callers read; `paced`: -> when
--   came     list of the latest jobs that were put into the line, as JSON [who, when, kind, units]: the newest first
--   mine     the same as `held`, of one person
-- A record is {who, member, round, ticket ('' : it rests), token (0: waiting), attempt, kind, units, priority, life, and
-- where they apply due, last (token of the last claim), lost (1: its worker died), since, left, seen (all in ms)}.
-- Lua does not roll back. A job is what its record says: a ticket that its record does not name, and a member of the
-- line that its record does not name or that does not wait, are what a failed write left behind, and are swept.
local call = redis.call
local stream, jobs, line, held, counters = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local ended, told, turns, resting, due = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local dead, buried, paces, paced, came, mine = KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15], KEYS[16]
local GROUP, DAY_MS = 'workers', 86400000
local URGENT, LEFT = -1, -2

local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Records of an older release lack what they did not know of.
local function decoded(text)
  local r = cjson.decode(text)
  r.kind, r.units, r.priority, r.life = r.kind or '', r.units or 1, r.priority or 0, r.life or 1
  return r
end

local function record(job)
  local text = job and call('HGET', jobs, job)
  return text and decoded(text)
end

-- The job and the record of a ticket, or nothing for one that was left behind.
local function holder(ticket)
  local job = call('HGET', jobs, 'ticket ' .. ticket)
  local r = record(job)
  if r and r.ticket == ticket then return job, r end
end

local function keep(job, r) call('HSET', jobs, job, cjson.encode(r), 'ticket ' .. r.ticket, job) end

-- What `ended` calls one life of a job: an operator may give a failed one another.
local function life_of(job, life)
  return tonumber(life) == 1 and job or string.format('%s#%d', job, life)
end

-- Acknowledged last: until then a repeat, or whoever claims it, finds it again.
local function drop_ticket(ticket)
  if ticket == '' then return end
  call('XDEL', stream, ticket)
  call('HDEL', jobs, 'ticket ' .. ticket)
  call('XACK', stream, GROUP, ticket)
end

-- One life of a job is over, wherever it stood. Its record goes last, by whoever calls this.
local function end_life(job, r)
  call('ZADD', ended, now(), life_of(job, r.life))
  call('ZREM', line, r.member)
  call('ZREM', resting, job)
  call('ZREM', due, job)
  drop_ticket(r.ticket)
end

-- The claim on it is over: it waits again, and its deadline counts if it never started.
local function unclaim(job, r)
  r.last, r.token, r.since, r.left, r.seen = r.token, 0, nil, nil, nil
  if r.due then call('ZADD', due, r.due, job) end
  call('HDEL', told, job)
end

-- Back to where it stood in line: its round has come, so that is the front. A crash counts as an attempt.
-- The new ticket wakes a worker that waits for one; the old one would have to lie idle for a lease first.
local function give_back(job, r, crashed)
  local ticket = r.ticket
  if r.token > 0 then
    if not crashed then r.attempt = r.attempt - 1 end
    r.lost = crashed and 1 or nil
    unclaim(job, r)
    call('ZADD', line, r.round, r.member)
  end
  r.ticket = call('XADD', stream, '*', 'j', job)
  keep(job, r)
  drop_ticket(ticket)
end

-- Jobs that have rested long enough go back into the line.
local function wake()
  for _, job in ipairs(call('ZRANGEBYSCORE', resting, '-inf', now(), 'LIMIT', 0, 100)) do
    local r = record(job)
    if r and r.token == 0 then
      if r.ticket == '' then
        r.ticket = call('XADD', stream, '*', 'j', job)
        keep(job, r)
      end
      call('ZADD', line, r.round, r.member)
      call('HDEL', told, job)
    end
    call('ZREM', resting, job)
  end
end

-- 0: not in line. One that rests will stand where its round is due.
local function place_of(r)
  if r.ticket == '' then return call('ZCOUNT', line, '-inf', '(' .. r.round) + 1 end
  local rank = call('ZRANK', line, r.member)
  return rank and rank + 1 or 0
end

-- The waiting jobs of whoever `mine` belongs to, as {job, r}; urgent ones stand outside the rounds.
local ARRANGED = 1000
local function waiting_of_mine()
  local names, found = call('ZRANGE', mine, 0, ARRANGED - 1), {}
  if #names == 0 then return found end
  for i, text in ipairs(call('HMGET', jobs, unpack(names))) do
    local r = text and decoded(text)
    if r and r.token == 0 and r.ticket ~= '' and r.round >= 0 then found[#found + 1] = {job = names[i], r = r} end
  end
  return found
end

-- Deal one person's rounds out to their waiting jobs: the higher priority first, then the older.
-- Returns {round, member, …} for the line and {job, record, …} for the jobs, of those that move; `fresh` always does.
local function deal(waiting, dealt, fresh)
  table.sort(dealt)
  table.sort(waiting, function(a, b)
    if a.r.priority ~= b.r.priority then return a.r.priority > b.r.priority end
    return a.r.member < b.r.member
  end)
  local scores, records = {}, {}
  for i, one in ipairs(waiting) do
    if one.r.round ~= dealt[i] or one.job == fresh then
      one.r.round = dealt[i]
      scores[#scores + 1], scores[#scores + 2] = dealt[i], one.r.member
      records[#records + 1], records[#records + 2] = one.job, cjson.encode(one.r)
    end
  end
  return scores, records
end

-- A job of theirs that waits leaves its round for `into`, which is no round; the later ones move up, so that what is
-- gone costs them nothing. With the records, written last, it is done, and a repeat finds nothing to do.
local function leave_round(who, job, r, into)
  local waiting, dealt = {}, {r.round}
  for _, one in ipairs(waiting_of_mine()) do
    if one.job ~= job and one.r.round > r.round then
      waiting[#waiting + 1] = one
      dealt[#dealt + 1] = one.r.round
    end
  end
  local scores, records = deal(waiting, dealt)
  if tonumber(call('ZSCORE', turns, who) or -1) == dealt[#dealt] then
    call('ZADD', turns, dealt[#dealt - 1] or r.round - 1, who)
  end
  r.round = into
  records[#records + 1], records[#records + 2] = job, cjson.encode(r)
  if into == URGENT and r.ticket ~= '' then scores[#scores + 1], scores[#scores + 2] = into, r.member end
  if #scores > 0 then call('ZADD', line, unpack(scores)) end
  call('HSET', jobs, unpack(records))
end
