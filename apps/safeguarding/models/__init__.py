from .cases import Impersonation, ReadingCase
from .reports import LegalHold, Report, ReportNote

__all__ = ["Impersonation", "LegalHold", "ReadingCase", "Report", "ReportNote"]
