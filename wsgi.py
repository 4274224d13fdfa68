"""What gunicorn and the `flask` command load."""

from api.app import create_app
from core.logs import configure_logs
from core.settings import get_settings

configure_logs(get_settings().log_level)
app = create_app()
