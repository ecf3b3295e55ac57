"""What every test among peers needs: a question by HTTP, a wait with an end, and the end of the processes that were started."""
import json
import signal
import subprocess
import time
import urllib.request


def ask(url, data=None, headers=None, method=None):
    """The answer: parsed where it is JSON, else its bytes. Raises OSError while nothing answers."""
    request = urllib.request.Request(url, data=data, headers=headers or {}, method=method)
    with urllib.request.urlopen(request, timeout=60) as response:
        body = response.read()
    return json.loads(body) if body[:1] in (b"[", b"{") else body


def patiently(check, seconds, what):
    """The first value of `check` that is true; a check that cannot connect is asked again."""
    end = time.monotonic() + seconds
    while True:
        try:
            value = check()
            if value:
                return value
        except OSError:
            pass
        if time.monotonic() > end:
            raise SystemExit(f"waited {seconds} s in vain: {what}")
        time.sleep(0.3)


def stop(*processes):
    """Asks each to end, and kills what does not within a minute."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
