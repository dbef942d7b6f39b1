-- ARGV job, token.  Gives the job back to the line at once. Returns 1 if it was the caller's.
local r = record(ARGV[1])
if not r or r.token ~= tonumber(ARGV[2]) then return 0 end
give_back(ARGV[1], r, false)
return 1
