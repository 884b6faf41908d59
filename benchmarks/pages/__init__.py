"""How quickly the console and its lists answer on large data: `python -m benchmarks.pages http://127.0.0.1:7680`.

    __main__   the command line, and the tables
    places     which pages, lists and filters, by what the cluster holds
    answers    times of calls over REST
    browser    first paint of each page in Chromium, if there is Playwright
    watching   one page for minutes while tasks report: memory of its scripts, and frames that come late

Fill the cluster before with `python -m benchmarks.large`, and let that run, so that tasks report.
"""
