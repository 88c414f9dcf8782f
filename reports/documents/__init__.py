"""Documents as pure builders: frozen content in, the bytes of a .docx or .pdf out. No model, no request."""
