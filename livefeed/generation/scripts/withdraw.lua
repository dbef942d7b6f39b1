-- keys: generation.  Its post was deleted: what tells of the picture goes with it.
call('UNLINK', keys[1], KEYS[4], KEYS[5], KEYS[6])
return ''
