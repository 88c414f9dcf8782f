"""The sheets of the summary workbook. Their words belong to the document and are Chinese in either language."""
