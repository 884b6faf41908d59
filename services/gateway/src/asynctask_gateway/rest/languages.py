"""Which language a request asks for."""


def prefers_chinese(accept_language: str) -> bool:
    """Whether Chinese comes before English in an `Accept-Language` header; English if neither is named."""
    weights = {"zh": 0.0, "en": 0.0}
    for position, part in enumerate(accept_language.split(",")[:20]):
        name, _, rest = part.strip().partition(";")
        language = name.strip().lower().partition("-")[0]
        if language in weights:
            # Of equal weights the first counts.
            weights[language] = max(weights[language], _quality(rest) - position / 1_000)
    return weights["zh"] > weights["en"]


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
