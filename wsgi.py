"""What gunicorn and the `flask` command load."""

from api.start import start

app = start()
