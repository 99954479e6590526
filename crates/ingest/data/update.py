"""Makes user-agents.json and bots.json from uap-core and crawler-user-agents.

In an empty folder: npm install uap-core crawler-user-agents
Then, with PyYAML: python3 update.py that-folder/node_modules
"""

import json
import pathlib
import sys

import yaml

# A library is no robot: apps use it on phones. Its user agent is kept either way.
NO_ROBOTS = {"http-library"}

packages = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent


def write(name, value):
    (here / name).write_text(json.dumps(value, ensure_ascii=False, indent=0) + "\n")


known = yaml.safe_load((packages / "uap-core/regexes.yaml").read_text())
write(
    "user-agents.json",
    {
        "user_agent_parsers": known["user_agent_parsers"],
        "os_parsers": known["os_parsers"],
        "device_parsers": [],
    },
)
robots = json.loads((packages / "crawler-user-agents/crawler-user-agents.json").read_text())
write(
    "bots.json",
    [robot["pattern"] for robot in robots if not NO_ROBOTS.intersection(robot.get("tags", []))],
)
