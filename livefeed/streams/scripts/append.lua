-- ARGV of the body: type, data, key ('' : KEPT) for each event, all on the first topic.
local ids = {}
for i = 1, #args, 3 do
  ids[#ids + 1] = append(1, args[i], args[i + 1], args[i + 2] ~= '' and args[i + 2] or nil)
end
return table.concat(ids, ' ')
