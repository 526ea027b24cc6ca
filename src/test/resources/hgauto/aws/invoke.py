"""Invokes a function as automation.py does, but for one flipped bit of the body on request."""

import sys

import boto3
from botocore.exceptions import ClientError

name, payload, flip = sys.argv[1], sys.argv[2].encode("utf-8"), sys.argv[3:] == ["flip"]
client = boto3.session.Session(region_name="us-west-2").client("lambda")


def flip_one_bit(request, **_):
    request.body = bytes([request.body[0] ^ 1]) + request.body[1:]


if flip:
    client.meta.events.register("before-send.lambda.Invoke", flip_one_bit)
try:
    answer = client.invoke(
        FunctionName=name, InvocationType="RequestResponse", Payload=payload
    )
    print(answer["Payload"].read().decode("utf-8"))
except ClientError as e:
    print(e.response["Error"]["Code"])
