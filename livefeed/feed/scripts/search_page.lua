-- KEYS word.  ARGV created in ms and id of the post to go on after ('' and '' : from the newest), how many.
return rows_before(keys[1], args[1], args[2], tonumber(args[3]))
