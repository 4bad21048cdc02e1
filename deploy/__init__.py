"""What brings the services up: embedded servers, the demo, containers; no part of any service."""
