"""Summary workbooks (汇总表) as pure builders: rows in, the bytes of an .xlsx out. No model, no request."""
