-- KEYS line.  ARGV group, entry. The group is the only one: what it has settled nobody needs.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return redis.call('XDEL', KEYS[1], ARGV[2])
