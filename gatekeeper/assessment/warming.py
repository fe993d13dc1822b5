"""A process that has just started: it reads texts of the gate's own before it reads anybody's.

Owns these texts. Patterns are compiled when they are first used, and RE2 builds their automata while it reads: the
first proposal takes a hundred times as long as later ones, and the first hundred up to twice as long. So the texts show
what proposals are made of, each kind of artifact and the words at which analyzers look closer. What is found in them
is of no interest.
"""

from __future__ import annotations

import base64

from gatekeeper.assessment.assess import assess
from gatekeeper.proposals.report import Report

_ENCODED = base64.b64encode(
    b"The readings are shown in the page of the team, as they have always been."
).decode()
_FILE = "Create or update the file {} with this complete content:\n\n{}\n\nThis is for the opportunity: {}\n"
_ROUTE = """const express = require('express');
const router = express.Router();
const { Order, User } = require('../models');
const stripe = require('stripe')(process.env.STRIPE_KEY);
// lists what a customer has ordered; the rest of the code is not shown...
router.get('/orders/:id', requireAuth, async (req, res) => {
  try {
    const order = await Order.findOne({ where: { id: req.params.id, userId: req.user.id } });
    const rows = await pool.query('SELECT id, total, email FROM orders WHERE id = $1', [req.params.id]);
    const intent = await stripe.paymentIntents.create({ amount: order.total, currency: 'eur' });
    logger.info(`order ${order.id} has ` + 'been' + " read");
    if (!order || rows.length === 0) return res.status(404).json({ error: 'not found' });
    res.json({ order, secret: intent.client_secret });
  } catch (error) {
    console.error('Error:', error.message);
    res.status(500).send('Internal Server Error');
  }
});
module.exports = router;"""
_SCHEMA = """const { DataTypes } = require('sequelize');
module.exports = (sequelize) => sequelize.define('Reading', {
  name: { type: DataTypes.STRING, allowNull: false },
  email: { type: DataTypes.STRING, unique: true },
  password_hash: { type: DataTypes.STRING },
});"""
_SQL = """-- Up
BEGIN;
CREATE TABLE IF NOT EXISTS readings (id SERIAL PRIMARY KEY, title VARCHAR(255) NOT NULL, taken_at TIMESTAMP);
ALTER TABLE readings ADD COLUMN place TEXT DEFAULT '';
UPDATE readings SET place = 'hall' WHERE id = 1;
CREATE INDEX CONCURRENTLY idx_readings_title ON readings (title);
COMMIT;
-- Down
DROP INDEX idx_readings_title;"""
_PYTHON = '''import os

from flask import Flask, request


def read(path: str) -> dict:
    """Return the readings."""
    token = os.environ["API_TOKEN"]
    answer = requests.get("https://api.example.com/v1/readings", params={"q": path}, timeout=5)
    score = model.predict(answer.json())
    return {"score": score, "user": request.args.get("user")}'''
_YAML = """on: [push]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    services: {postgres: {image: postgres:15}}
    steps:
      - uses: actions/checkout@v4
      - run: npm ci && npm test
---
kind: Deployment
spec:
  replicas: 2
  template: {spec: {containers: [{name: web, image: web:1.2, securityContext: {runAsNonRoot: true}}]}}"""
_SHELL = """#!/bin/sh
set -eu
cd /srv/app && git pull
export PATH="$HOME/bin:$PATH"
curl -fsS https://example.com/status | grep -q ok || echo "not yet"
for each in a b c; do cp "$each" build/; done
docker compose up -d && rm -f build/old.log"""
_IMAGE = """FROM node:20-alpine
WORKDIR /app
COPY package.json .
RUN npm ci --omit=dev
USER node
CMD ["node", "server.js"]"""
_TERRAFORM = """resource "aws_s3_bucket" "logs" {
  bucket = "team-logs"
  versioning { enabled = true }
}
resource "aws_security_group" "web" {
  ingress {
    from_port = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
}"""
_WORDS = """## Plan

We will update the database schema of the readings, add an index, and review the access controls of the team. The agent
proposes the change; two reviewers approve it before it is deployed, and the audit log is kept. Customers see the price
and the discount before they pay. The model ranks the readings by their score, a person decides. Monitoring and alerts
stay on. We take a backup first, and roll back with the migration's way down if the tests fail.

- Improve the performance of the page, and refactor the service where needed.
- Configure the load balancer and the CI/CD pipeline; the servers run on Kubernetes.
- Do not log passwords, tokens or e-mail addresses. Remove the unused button, and ignore the old style sheet.

It shows `SELECT title FROM readings` as "readings (all of them)", at 10:30, for 25 users: https://example.com/a%20b.
"""
_JSON = '{"name": "readings", "scripts": {"start": "node server.js"}, "dependencies": {"express": "^4.18.2"}}'
TEXTS = (
    *(
        _FILE.format(path, content, "the team reads faster.")
        for path, content in (
            ("routes/orders.js", _ROUTE),
            ("models/reading.js", _SCHEMA),
            ("migrations/004_readings.sql", _SQL),
            ("generated_1.py", _PYTHON),
            (".github/workflows/test.yml", _YAML),
            ("package.json", _JSON),
            ("styles/page.css", ".page > a:hover {\n  color: #336699;\n}"),
            ("index.html", "<html><body><div class='page'><!-- the page --></div></body></html>"),
        )
    ),
    *(
        f"{_WORDS}\n```{language}\n{content}\n```\n"
        for language, content in (("sh", _SHELL), ("dockerfile", _IMAGE), ("hcl", _TERRAFORM), ("", _ROUTE))
    ),
    f"{_WORDS}\n\u201cThe page\u2019s text\u201d: {_ENCODED}\n\n{_SCHEMA}\n\n{_SQL}",
)


def warm() -> None:
    """Read the texts, so that what reads proposals is compiled and has seen most of what they are written in."""
    for text in TEXTS:
        assess(
            Report(
                id="fsar_00000000-0000-4000-8000-000000000000",
                timestamp="1970-01-01T00:00:00Z",
                severity=0,
                block_execution=False,
                proposal=text,
                risks=("The page may be slow.",),
                mitigations=("The team watches the page.",),
            )
        )
