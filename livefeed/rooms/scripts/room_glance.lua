-- ARGV viewer. Returns {room as JSON (false: not theirs to see), published (false: not), the viewer's role}
local role = role_of(args[1])
if not role then return {false, false, false} end
local room, published = opened()
return {room, published, role}
