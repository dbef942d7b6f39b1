-- KEYS the rooms that somebody is in.  ARGV since when in ms and id of the room to go on after ('' and '' : from the one
-- they came into last), how many.  Returns {room, since when, …}
return rows_before(keys[1], args[1], args[2], tonumber(args[3]))
