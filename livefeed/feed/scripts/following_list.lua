-- KEYS whom the person follows.  ARGV as followers_list.lua.  Returns {{followed, since when, …} newest first}
return {rows_before(keys[1], args[1], args[2], tonumber(args[3]))}
