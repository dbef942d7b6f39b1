-- ARGV job, token, consumer, left_ms ('' : unknown).  Returns 1 if the lease was still the caller's, and then it begins
-- anew. XCLAIM by a stale owner would succeed: the token decides. It comes first: a store that is full takes it, and then
-- does not stop the script any more; nobody loses a lease because the store is full.
local r = record(ARGV[1])
if not r or r.token ~= tonumber(ARGV[2]) then return 0 end
local renewed = #call('XCLAIM', stream, GROUP, ARGV[3], 0, r.ticket, 'JUSTID')
if ARGV[4] ~= '' or r.left then
  r.left, r.seen = tonumber(ARGV[4]), now()
  call('HSET', jobs, ARGV[1], cjson.encode(r))
end
return renewed
