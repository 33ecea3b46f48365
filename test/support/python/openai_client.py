"""One use of OpenAI's Python client: the case's name and its parameters in, what came of it out, as JSON."""

import json
import sys
import time

import openai

WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {
            "type": "object",
            "properties": {"days": {"type": "integer", "minimum": 3}},
            "required": ["days"],
        },
    },
}


def ask(text, model="auto"):
    return {"model": model, "messages": [{"role": "user", "content": text}]}


def plain(client, text):
    reply = client.chat.completions.create(**ask(text, "quick"))
    return {
        "text": reply.choices[0].message.content,
        "model": reply.model,
        "finish": reply.choices[0].finish_reason,
        "tokens": reply.usage.total_tokens,
    }


def stream(client, text):
    options = {"include_usage": True}
    chunks = list(client.chat.completions.create(**ask(text, "quick"), stream=True, stream_options=options))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    return {"text": "".join(pieces), "pieces": len(pieces), "tokens": chunks[-1].usage.total_tokens}


def tools(client):
    forced = {"type": "function", "function": {"name": "weather"}}
    reply = client.chat.completions.create(**ask("Weather?"), tools=[WEATHER], tool_choice=forced)
    call = reply.choices[0].message.tool_calls[0]
    return {
        "finish": reply.choices[0].finish_reason,
        "name": call.function.name,
        "arguments": json.loads(call.function.arguments),
    }


def json_mode(client):
    schema = {"name": "weather", "schema": WEATHER["function"]["parameters"]}
    formats = [{"type": "json_object"}, {"type": "json_schema", "json_schema": schema}]
    replies = [client.chat.completions.create(**ask("Weather?"), response_format=given) for given in formats]
    return [json.loads(reply.choices[0].message.content) for reply in replies]


def response(client, text):
    reply = client.responses.create(model="quick", input=text)
    with client.responses.stream(model="quick", input=text) as events:
        streamed = events.get_final_response()
    return {"status": reply.status, "text": reply.output_text, "streamed": streamed.output_text}


def embeddings(client):
    reply = client.embeddings.create(model="quick", input=["one", "two"])
    return [len(entry.embedding) for entry in reply.data]


def error(client, body):
    try:
        client.chat.completions.create(**{**ask("Hi"), **body})
    except openai.APIStatusError as fault:
        return [type(fault).__name__, fault.status_code, fault.code, fault.param]
    return None


def leave(client):
    """Leaves after the first piece; the seconds until then."""
    began = time.monotonic()
    with client.chat.completions.create(**ask("Tell me a story.", "slow"), stream=True) as events:
        next(iter(events))
    return time.monotonic() - began


def wait(client, seconds):
    try:
        client.with_options(timeout=seconds).chat.completions.create(**ask("Hi", "slow"))
    except openai.OpenAIError as fault:
        return type(fault).__name__
    return None


def repeat(client, times):
    patient = client.with_options(max_retries=8)
    return [patient.chat.completions.create(**ask("Hi", "quick")).model for _ in range(times)]


CASES = [plain, stream, tools, json_mode, response, embeddings, error, leave, wait, repeat]

if __name__ == "__main__":
    case = next(one for one in CASES if one.__name__ == sys.argv[1])
    print(json.dumps(case(openai.OpenAI(max_retries=0), **json.loads(sys.argv[2]))))
