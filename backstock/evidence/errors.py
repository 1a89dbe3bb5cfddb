"""Refusals about evidence.

DomainError
├── NotEvidence           not_evidence
├── EvidenceTooLarge      evidence_too_large
├── EvidenceNotKept       evidence_not_kept
├── EvidenceLineUnknown   evidence_line_unknown
└── UnknownEvidence       unknown_evidence
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class NotEvidence(DomainError):
    """A file is neither a picture, a video nor a PDF that we can read, whatever its name says."""

    name: str
    code = "not_evidence"
    en = "{name} cannot be read as a photo (JPEG, PNG, WebP, GIF, HEIC), a video (MP4, MOV, WebM) or a PDF. Take or choose another."
    zh = "{name} 不是可读取的照片（JPEG、PNG、WebP、GIF、HEIC）、视频（MP4、MOV、WebM）或 PDF，请重新拍摄或另选文件。"


@dataclass(eq=False)
class EvidenceTooLarge(DomainError):
    """A file is larger than what is kept of its kind."""

    name: str
    megabytes: int
    most_megabytes: int
    code = "evidence_too_large"
    en = "{name} has {megabytes} MB, at most {most_megabytes} MB are kept. Take a shorter video or a smaller photo."
    zh = "{name} 有 {megabytes} MB，最多保存 {most_megabytes} MB。请缩短视频或减小照片。"


@dataclass(eq=False)
class EvidenceNotKept(DomainError):
    """No file with this content was uploaded as evidence."""

    content_hash: str
    code = "evidence_not_kept"
    en = "The file {content_hash} is not here. Upload it again."
    zh = "文件 {content_hash} 不存在，请重新上传。"


@dataclass(eq=False)
class EvidenceLineUnknown(DomainError):
    """The document has no such line, or no such lot or serial number on it."""

    document: str
    line: int
    lot: str
    code = "evidence_line_unknown"
    en = "{document} has no line {line} {lot}. Choose one of its lines, or the document as a whole."
    zh = "{document} 没有第 {line} 行 {lot}。请选择其中一行，或不指定行。"


@dataclass(eq=False)
class UnknownEvidence(DomainError):
    """The document has no such piece of evidence, or it was erased before."""

    document: str
    evidence: int
    code = "unknown_evidence"
    en = "{document} has no evidence {evidence}, or it is erased already. Look at the document again."
    zh = "{document} 没有凭证 {evidence}，或已被删除。请刷新单据查看。"
