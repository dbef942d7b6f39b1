-- ARGV consumer, crashed ('1' : what it held counts as an attempt).
-- Returns how many jobs went back to the line; the consumer is gone.
local returned = 0
while true do
  local pending = call('XPENDING', stream, GROUP, '-', '+', 100, ARGV[1])
  if #pending == 0 then break end
  for _, entry in ipairs(pending) do
    local job, r = holder(entry[1])
    if job then
      give_back(job, r, ARGV[2] == '1')
      returned = returned + 1
    else
      drop_ticket(entry[1])
    end
  end
end
call('XGROUP', 'DELCONSUMER', stream, GROUP, ARGV[1])
return returned
