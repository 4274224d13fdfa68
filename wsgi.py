"""What gunicorn and the `flask` command load."""

from api.app import create_app
from core.logs import configure_logs
from core.settings import settings_or_exit

settings = settings_or_exit()
configure_logs(settings.log_level)
app = create_app(settings)
