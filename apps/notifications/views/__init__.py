from .mailbox import mail_detail, mail_list
from .news import news_list, news_open, news_read_all

__all__ = ["mail_detail", "mail_list", "news_list", "news_open", "news_read_all"]
