"""Public media: renditions and voices, with byte ranges (Safari plays no audio without), immutable, nosniff."""

import mimetypes
import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# Originals and uploads are never served: only what learning/ made for learners.
PUBLIC_FOLDERS = ("images/", "voices/", "media/", "packs/")
TYPES = {".avif": "image/avif", ".webp": "image/webp", ".mp3": "audio/mpeg"}
RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponse | FileResponse:
    """One public file; `Range: bytes=a-b` answers 206, an impossible range 416."""
    root = Path(settings.MEDIA_ROOT).resolve()
    file = (root / path).resolve()
    if not path.startswith(PUBLIC_FOLDERS) or not file.is_relative_to(root) or not file.is_file():
        raise Http404
    size = file.stat().st_size
    content_type = TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    wanted = RANGE.match(request.headers.get("Range", ""))
    response: HttpResponse | FileResponse
    if wanted and (wanted[1] or wanted[2]):
        start, end = _span(wanted[1], wanted[2], size)
        if start >= size or start > end:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            return response
        with file.open("rb") as handle:
            handle.seek(start)
            response = HttpResponse(handle.read(end - start + 1), status=206, content_type=content_type)
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    else:
        response = FileResponse(file.open("rb"), content_type=content_type)
        response["Content-Length"] = str(size)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte of a range header: '0-99', '100-' and '-50' (the last 50)."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
