-- ARGV created in ms and id of the post to go on after ('' and '' : from the newest), how many posts, how many generations.
-- Returns {the shard's last id, {post id, created, …} newest first, generation ids newest first}
local rows = rows_before(keys[1], args[1], args[2], tonumber(args[3]))
return {head(), rows, call('ZREVRANGE', keys[2], 0, tonumber(args[4]) - 1)}
