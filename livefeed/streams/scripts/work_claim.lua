-- ARGV consumer, ticket ('' : one whose lease has run out), lease_ms.
-- Returns {job, who, token, attempt, ticket} or nothing.
--
-- A fresh ticket is the right to one job, and the job is the one whose turn it is; a ticket taken over brings the job
-- its last holder had.
local consumer, ticket = ARGV[1], ARGV[2]
if ticket == '' then
  local idle = call('XPENDING', stream, GROUP, 'IDLE', ARGV[3], '-', '+', 1)[1]
  if not idle then return false end
  ticket = idle[1]
  call('XCLAIM', stream, GROUP, consumer, 0, ticket, 'JUSTID')
else
  local pending = call('XPENDING', stream, GROUP, ticket, ticket, 1)[1]
  if not pending or pending[2] ~= consumer then return false end
end

local job = call('HGET', tickets, ticket)
local r = record(job)
if not r or r.ticket ~= ticket then
  drop_ticket(ticket)
  return false
end

-- The waiting job whose turn it is; what a failed write left behind in the line is swept on the way.
local function first()
  while true do
    local member = call('ZRANGE', line, 0, 0)[1]
    if not member then return nil end
    local name = member:match(':(.*)')
    local waiting = record(name)
    if waiting and waiting.member == member and waiting.token == 0 then return name, waiting end
    call('ZREM', line, member)
  end
end

if r.token == 0 then
  local name, waiting = first()
  if not name then name, waiting = job, r end
  if name ~= job then
    r.ticket, waiting.ticket = waiting.ticket, ticket
    call('HSET', tickets, r.ticket, job, ticket, name)
    keep(job, r)
  end
  job, r = name, waiting
  call('HSET', counters, 'round', math.max(r.round, tonumber(call('HGET', counters, 'round') or 0)))
end
r.token = call('HINCRBY', counters, 'token', 1)
r.attempt = r.attempt + 1
keep(job, r)
call('ZREM', line, r.member)
call('HDEL', told, job)
return {job, r.who, r.token, r.attempt, ticket}
