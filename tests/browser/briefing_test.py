"""Looks at the pages of a briefing in headless Chromium, as people see and hear them.

Each page, narrow and wide, light, dark and printed: the label first and last, no violation of
axe-core's rules, nothing wider than the window, no error on the console, no request but for the file itself, and the keyboard goes
through it in the order of the text. Exit code 77, and a line that says so, where what it takes is
not there.
"""

import argparse
import glob
import os
import shutil
import subprocess
import sys
import tempfile

import axe_core
from webdriver import Browser

WIDTHS = (375, 1280)
LOOKS = (("screen", "light"), ("screen", "dark"), ("print", "light"))
MAX_TABS = 12

AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
    result => done(result.violations.map(
        v => v.id + ': ' + v.help + ' ' + v.nodes.slice(0, 3).map(n => n.html).join(' | '))),
    error => done(['axe failed: ' + error]));
"""
VISIBLE_LINKS = """return [...document.querySelectorAll('a[href]')]
    .filter(a => a.getClientRects().length > 0).map(a => a.getAttribute('href'))"""
FOCUSED = """const box = document.activeElement.getBoundingClientRect();
return [document.activeElement.getAttribute('href'), box.left >= 0 && box.right <= innerWidth]"""
LABELS_SEEN = """return [...document.querySelectorAll('.band .label')].filter(label => {
    const box = label.getBoundingClientRect(), style = getComputedStyle(label);
    return box.height >= 16 && box.left >= 0 && box.right <= innerWidth &&
        parseFloat(style.fontSize) >= 16 && style.visibility === 'visible' &&
        style.opacity === '1' && style.color !== style.backgroundColor;
}).length"""
WIDTH = "return document.documentElement.scrollWidth"


def check_look(browser, name, width, media, scheme, screenshots):
    """The faults of a page as it looks now."""
    browser.look(width, media, scheme)
    faults = browser.run_async(AXE)
    wide = browser.run(WIDTH)
    if wide > width:
        faults.append(f"is {wide} px wide in a window of {width}")
    labels = browser.run(LABELS_SEEN)
    if labels != 2:
        faults.append(f"shows its label {labels} times, not first and last")
    if screenshots:
        browser.screenshot(os.path.join(screenshots, f"{name}-{width}-{media}-{scheme}.png"))
    return [f"{name} {width} px {media} {scheme}: {fault}" for fault in faults]


def check_keyboard(browser, name):
    """Tab begins with the link past the head and goes on in the order of the text."""
    browser.look(WIDTHS[1], "screen", "light")
    expected = browser.run(VISIBLE_LINKS)[:MAX_TABS]
    if not expected or expected[0] != "#briefing":
        return [f"{name}: the first link does not lead to the briefing"]
    seen = []
    for _ in expected:
        browser.press_tab()
        href, visible = browser.run(FOCUSED)
        if not visible:
            return [f"{name}: {href} has the focus and is not to be seen"]
        seen.append(href)
    return [] if seen == expected else [f"{name}: Tab goes {seen}, the text {expected}"]


def check_page(browser, axe, path, screenshots):
    name = os.path.splitext(os.path.basename(path))[0]
    url = "file://" + path
    browser.open(url)
    faults = [f"{name}: asks for {asked}" for asked in browser.requests() if asked != url]
    faults += check_keyboard(browser, name)
    browser.run(axe)
    for width in WIDTHS:
        for media, scheme in LOOKS:
            faults += check_look(browser, name, width, media, scheme, screenshots)
    faults += [f"{name}: asks later for {asked}" for asked in browser.requests()]
    faults += [f"{name}: console: {entry['message']}" for entry in browser.log("browser")]
    return faults


def skip(why):
    print(f"SKIPPED, NOTHING WAS CHECKED: {why}", file=sys.stderr)
    sys.exit(77)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", required=True, help="the program that writes the pages")
    parser.add_argument("--cache", required=True, help="where axe-core is kept")
    parser.add_argument("--screenshots", help="a folder to put pictures into")
    arguments = parser.parse_args()
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            skip(f"{program} is not installed")
    try:
        axe = axe_core.source(arguments.cache)
    except (axe_core.Absent, subprocess.TimeoutExpired) as absent:
        skip(str(absent))
    faults = []
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        subprocess.run([arguments.pages, folder], check=True)
        pages = sorted(glob.glob(os.path.join(folder, "*.html")))
        for path in pages:
            faults += check_page(browser, axe, path, arguments.screenshots)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(pages)} pages, {len(WIDTHS) * len(LOOKS)} looks each, {len(faults)} faults")
    sys.exit(1 if faults or not pages else 0)


if __name__ == "__main__":
    main()
