"""MapServer's WFS over FastCGI: folder, socket folder of PostgreSQL, rounds. Leaves the last answer in `wfs.json`. Processor time is that of MapServer and of PostgreSQL, which reads the rows for it."""
import glob
import os
import socket
import struct
import subprocess
import sys
import time

folder, database, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
program = "/usr/lib/cgi-bin/mapserv"
map_file = f"{folder}/issues.map"
with open(os.path.join(os.path.dirname(__file__), "mapserver.map"), encoding="utf-8") as template, open(map_file, "w", encoding="utf-8") as made:
    made.write(template.read().replace("CONNECTION_OF_THE_RUN", f"host={database} user=geosan dbname=geosan"))
environment = {
    "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SCRIPT_NAME": "/wfs",
    "QUERY_STRING": "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=issue&SRSNAME=EPSG:4326&OUTPUTFORMAT=geojson&COUNT=10000", "MS_MAPFILE": map_file,
}
# Fields of /proc/N/stat behind the program's name.
OWN, OWN_AND_ENDED = slice(11, 13), slice(11, 15)
BEGIN, END, PARAMS, STDIN, STDOUT, RESPONDER = 1, 3, 4, 5, 6, 1


def record(kind, content):
    return struct.pack("!BBHHBx", 1, kind, 1, len(content), 0) + content


def parameters():
    text = b""
    for name, value in environment.items():
        text += struct.pack("!II", 1 << 31 | len(name), 1 << 31 | len(value)) + name.encode() + value.encode()
    return text


def ask(address):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(address)
        client.sendall(record(BEGIN, struct.pack("!HB5x", RESPONDER, 0)) + record(PARAMS, parameters()) + record(PARAMS, b"") + record(STDIN, b""))
        answer = client.makefile("rb")
        body = bytearray()
        while True:
            _, kind, _, length, padding = struct.unpack("!BBHHBx", answer.read(8))
            content = answer.read(length + padding)[:length]
            if kind == STDOUT:
                body += content
            elif kind == END:
                return bytes(body)


with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
    asking.connect(next(name for name in glob.glob(f"{database}/.s.PGSQL.*") if not name.endswith(".lock")))
    postgres, _, _ = struct.unpack("3i", asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))

address = f"{folder}/mapserv.sock"
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(address)
listener.listen(4)
# Which maps it may open does not come with the request.
config = f"{folder}/mapserver.conf"
with open(config, "w", encoding="ascii") as made:
    made.write('CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n  END\nEND\n')
server = subprocess.Popen([program], stdin=listener, stdout=subprocess.DEVNULL, env={**os.environ, "MAPSERVER_CONFIG_FILE": config})
listener.close()
try:
    version = subprocess.run([program, "-v"], capture_output=True, text=True, check=False).stdout.split()[2]
    print("version", "MapServer", version, "FastCGI")

    def ticks(process, fields):
        try:
            with open(f"/proc/{process}/stat", encoding="ascii") as stat:
                return sum(int(field) for field in stat.read().rsplit(")", 1)[1].split()[fields])
        except FileNotFoundError:
            return 0

    def used():
        """Of MapServer, of PostgreSQL with its processes that have ended, and of those that run."""
        with open(f"/proc/{postgres}/task/{postgres}/children", encoding="ascii") as children:
            all_ticks = ticks(server.pid, OWN) + ticks(postgres, OWN_AND_ENDED) + sum(ticks(child, OWN) for child in children.read().split())
        return all_ticks / os.sysconf("SC_CLK_TCK")

    ask(address)
    for _ in range(count):
        wall, cpu = time.perf_counter(), used()
        answer = ask(address)
        print("round", time.perf_counter() - wall, used() - cpu)
    with open(f"{folder}/wfs.json", "wb") as written:
        written.write(answer.split(b"\r\n\r\n", 1)[1])
finally:
    # It would wait for one more request after a polite word.
    server.kill()
