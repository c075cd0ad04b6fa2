"""The connection to a platform: which one, who am I, and the SDK's life in a thread of its own."""
