"""Jobs of the embedded platform: the record, the queue, one supervisor process a job, what the API tells."""
