-- ARGV job.  It has started in time: its deadline is over.
local r = record(ARGV[1])
if r and r.due then
  r.due = nil
  call('HSET', jobs, ARGV[1], cjson.encode(r))
end
return call('ZREM', due, ARGV[1])
