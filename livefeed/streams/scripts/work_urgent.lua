-- ARGV job, who.  Puts a waiting job in front of all rounds. Returns 1, or 0 if it does not wait.
local r = record(ARGV[1])
if not r or r.token ~= 0 then return 0 end
if r.round >= 0 then leave_round(ARGV[2], ARGV[1], r, URGENT) end
return 1
