-- KEYS begun (as followers.lua names it), whom the person follows.
-- ARGV since when in ms and id of the follower to go on after ('' and '' : from the newest), how many.
-- Returns {{follower, since when, …} newest first, '1' or '0' for each: whether the person follows them}
local rows, followed = rows_before(keys[1], args[1], args[2], tonumber(args[3])), {}
for i = 1, #rows, 2 do followed[#followed + 1] = call('ZSCORE', keys[2], rows[i]) and '1' or '0' end
return {rows, followed}
