"""The log of every state change. One door: `log.append`, inside the transaction of the change itself."""
