"""The usual pattern: a web framework that puts each body into a queue."""

import os

from celery import Celery
from flask import Flask, request

tasks = Celery("rival", broker=os.environ["RIVAL_REDIS"])
tasks.conf.task_ignore_result = True
app = Flask(__name__)


@tasks.task(name="keep")
def keep(body):
    """Never runs: processing is paused, as it is in the others."""


@app.post("/garmin/<secret>/<kind>")
def take(secret, kind):
    keep.delay(request.get_data(as_text=True))
    return ""
