"""The desk's pages of evidence: uploading, seeing, adding, erasing."""
