"""Pages of the return policy: its versions, what differs between two, and the editor of the next one."""
