-- ARGV when in ms and id of the post to go on after ('' and '' : from the newest), how many posts.
-- Returns {the shard's last id, {post id, when, …} newest first}
return {head(), rows_before(keys[1], args[1], args[2], tonumber(args[3]))}
