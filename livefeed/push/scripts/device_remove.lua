-- KEYS devices.  ARGV device; none: all.
if args[1] then call('HDEL', keys[1], args[1]) else call('UNLINK', keys[1]) end
return ''
