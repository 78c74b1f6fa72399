"""Events as they travel through Kafka, their limits and their JSON Schemas."""
