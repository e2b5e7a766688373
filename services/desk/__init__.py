"""The agent's and the supervisor's web page. It writes no topic: it asks the door and routing."""
