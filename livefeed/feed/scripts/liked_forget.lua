-- ARGV posts that are gone, for good.
call('ZREM', keys[1], unpack(args))
return ''
