-- Claim a handle. Times and ages are the store's, so that all servers judge alike.
-- KEYS handle   ARGV user, the claim that may be replaced ('' : none)
-- Returns '' once it is ours, else the claim in the way: "<user> <ms> <age in ms>".
local found, time = call('GET', keys[1]), now()
if found and found ~= args[2] then
  local user, ms = found:match('^(%S+) (%d+)$')
  if user ~= args[1] then return found .. ' ' .. string.format('%.0f', time - tonumber(ms)) end
end
call('SET', keys[1], args[1] .. ' ' .. string.format('%.0f', time))
return ''
