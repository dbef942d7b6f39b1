-- ARGV mark, outbox entry, remixes that have let go of this post. The others are told in a step of their own.
call('SREM', REMIXES, unpack(args, 3))
if call('EXISTS', REMIXES) == 1 then publish('origin.step', args[1], args[2]) end
return ''
