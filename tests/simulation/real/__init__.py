"""The oracle over real processes: a store and two servers that die by SIGKILL, and clients over real sockets."""
