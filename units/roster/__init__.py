"""Reads, checks and marks the roster workbook (党员基本信息汇总表). Pure: knows nothing of the database."""
