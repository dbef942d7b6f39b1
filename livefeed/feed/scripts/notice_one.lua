-- KEYS as notices.lua.  ARGV id.  Returns {JSON or nil, the time up to which all are read}
local _, TEXTS, STATE = unpack(keys, 1, 3)
return {call('HGET', TEXTS, args[1]), call('HGET', STATE, 'read') or '0'}
