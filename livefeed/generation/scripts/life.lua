-- in_life(entry): an outbox entry (a JSON map) that says which of the generation's lives it tells of; keys[1]: generation
local function in_life(entry, more)
  local life = (tonumber(call('HGET', keys[1], 'life')) or 1) + (more or 0)
  return string.format('%s,"life":%d}', entry:sub(1, -2), life), life
end
