-- ARGV job.  Gives back a place that was reserved and never used; a job in the queue keeps its place.
if call('HEXISTS', jobs, ARGV[1]) == 1 then return 0 end
call('ZREM', mine, ARGV[1])
return call('ZREM', held, ARGV[1])
