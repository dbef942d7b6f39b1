-- ARGV consumer, ticket ('' : one that was not renewed for idle_ms), idle_ms.
-- Returns {job, who, token, attempt, life, kind, the kind's pace ('' : unknown)} or nothing.
--
-- A fresh ticket is the right to one job, and the job is the one whose turn it is; a ticket taken over brings the job
-- its last holder had.
local consumer, ticket = ARGV[1], ARGV[2]
if ticket == '' then
  wake()
  local idle = call('XPENDING', stream, GROUP, 'IDLE', ARGV[3], '-', '+', 1)[1]
  if not idle then return false end
  ticket = idle[1]
  call('XCLAIM', stream, GROUP, consumer, 0, ticket, 'JUSTID')
else
  local pending = call('XPENDING', stream, GROUP, ticket, ticket, 1)[1]
  if not pending or pending[2] ~= consumer then return false end
end

local job, r = holder(ticket)
if not job then
  drop_ticket(ticket)
  return false
end

-- The waiting job whose turn it is.
local function first()
  while true do
    local member = call('ZRANGE', line, 0, 0)[1]
    if not member then return nil end
    local name = member:match(':(.*)')
    local waiting = record(name)
    if waiting and waiting.member == member and waiting.token == 0 and waiting.ticket ~= '' then
      return name, waiting
    end
    call('ZREM', line, member)
  end
end

local token = call('HINCRBY', counters, 'token', 1)
if r.token == 0 then
  local name, waiting = first()
  if name and name ~= job then
    r.ticket, waiting.ticket = waiting.ticket, ticket
    waiting.token, waiting.attempt, waiting.since = token, waiting.attempt + 1, now()
    call('HSET', jobs, job, cjson.encode(r), 'ticket ' .. r.ticket, job,
      name, cjson.encode(waiting), 'ticket ' .. ticket, name)
    job, r = name, waiting
  end
end
if r.token ~= token then
  r.token, r.attempt, r.since, r.left, r.seen = token, r.attempt + 1, now(), nil, nil
  keep(job, r)
end
call('ZREM', line, r.member)
call('HDEL', told, job)
call('ZREM', due, job)
if r.round > tonumber(call('HGET', counters, 'round') or 0) then
  call('ZREMRANGEBYSCORE', turns, '-inf', '(' .. r.round)
  call('HSET', counters, 'round', r.round)
end
return {job, r.who, r.token, r.attempt, r.life, r.kind, call('HGET', paces, r.kind) or ''}
