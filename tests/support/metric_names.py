"""The figures at /metrics, with their labels: what dashboard, alerts and docs may name."""

METRICS = {
    "creathon_submissions": {"status"},
    "creathon_submissions_ended_total": {"status", "verdict"},
    "creathon_reviews_oldest_seconds": set(),
    "creathon_queue_depth": {"queue"},
    "creathon_queue_oldest_seconds": {"queue"},
    "creathon_queue_wait_seconds": {"queue"},
    "creathon_workers": {"queue"},
    "creathon_workers_wanted": {"queue"},
    "creathon_grading_seconds": {"kind", "language"},
    "creathon_sandbox_start_seconds": set(),
    "creathon_redelivered_total": set(),
    "creathon_swept_total": {"reason"},
    "creathon_fenced_out_total": set(),
    "creathon_poisoned_total": set(),
    "creathon_deliveries": {"channel", "state"},
    "creathon_deliveries_sent_total": {"channel"},
    "creathon_live_connections": set(),
    "creathon_requests_total": {"method", "endpoint", "status"},
    "creathon_request_seconds": {"method", "endpoint"},
}
HISTOGRAMS = {"creathon_grading_seconds", "creathon_sandbox_start_seconds", "creathon_request_seconds"}
