-- ARGV mark, outbox entry: the rest of the followers is told in a step of its own.
publish('following.step', args[1], args[2])
return ''
