from django.apps import AppConfig


class JihengConfig(AppConfig):
    name = "config"
    verbose_name = "Jiheng"
