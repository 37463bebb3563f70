"""Reads PDFs: for each file a line of JSON, a list of [width, height, text] in points, page by page.

Usage: python pdf_pages.py FILE...
"""

import json
import sys

from pypdf import PdfReader

for name in sys.argv[1:]:
    pages = PdfReader(name).pages
    print(json.dumps([[float(page.mediabox.width), float(page.mediabox.height), page.extract_text()] for page in pages]))
