"""Stages on other machines: RabbitMQ between them, and what travels through it."""
