"""An installation on the network: https, secrets and a second factor demanded; refuses to start half set."""

from project.settings.base import *
from project.settings.base import CONTENT_SECURITY_POLICY, DEMO, SECRET_KEY, SITE_URL
from project.settings.env import env_int, env_list, env_text, refuse

if not SECRET_KEY or len(SECRET_KEY) < 32:
    refuse("SECRET_KEY", "production needs a secret of at least 32 characters (or SECRET_KEY_FILE)")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS", "name the exact hosts, separated by commas; '*' would switch the socket's origin check off")
if not env_text("DATABASE_URL"):
    refuse("DATABASE_URL", "production needs postgres://user:password@host:5432/name")
if not env_text("REDIS_URL"):
    refuse("REDIS_URL", "production needs redis://host:6379/0 (queue, cache and sockets are shared there)")
if not SITE_URL.startswith("https://"):
    refuse("SITE_URL", "must be the public address, beginning with https://")
if not env_text("EMAIL_HOST"):
    refuse("EMAIL_HOST", "sign-in codes and notices go by e-mail: name the mail server")
if env_int("DEBUG", 0):
    refuse("DEBUG", "must be 0 in production")

DEBUG = False
# The editor's preview shows our own pages in a frame of our own (SAMEORIGIN); frame-ancestors says the same.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
REQUIRE_SECOND_FACTOR = not DEMO
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-gocua_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-gocua_csrf"
CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY | {
    "DIRECTIVES": CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"upgrade-insecure-requests": True}
}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
