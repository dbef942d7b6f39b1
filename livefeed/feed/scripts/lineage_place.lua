-- A post's own word on where it stands. Returns {there ('1' or '0'), parent, root, id of the event that told of it}, false
-- for what is not known (any more).
local parent, root, event = unpack(call('HMGET', POST, 'parent', 'root', 'event'))
return {alive() and '1' or '0', parent, root, event}
