"""The server extension's routes: parse, authorise, call a service, answer. No logic here."""
