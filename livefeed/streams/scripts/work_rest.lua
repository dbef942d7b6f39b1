-- ARGV job, token, pause_ms, first and alive_ms (see outlook).  The job gives up its slot and comes back to its place in
-- line after the pause. Returns {place, outlook, round} or nothing if it was not the caller's. It counts as an attempt.
local job, token = ARGV[1], tonumber(ARGV[2])
local r = record(job)
if not r then return false end
if r.token == token then
  local ticket = r.ticket
  call('ZADD', resting, now() + ARGV[3], job)
  r.ticket, r.lost = '', nil
  unclaim(job, r)
  call('HSET', jobs, job, cjson.encode(r))
  drop_ticket(ticket)
elseif r.token ~= 0 or r.last ~= token then
  return false
end
return {place_of(r), outlook(ARGV[4], ARGV[5]), r.round}
