"""The record of every state change. One door: `chain.append`, inside the transaction of the change itself."""
