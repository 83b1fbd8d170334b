#!/bin/bash
# Shows defects of docs/proofs/defects.md as commands see them:
#
#	docs/proofs/before.sh PARITY
#
# PARITY is a binary. Each line is a defect, "there" or "gone", and what was seen.
# Nothing outside of a new temporary directory is read or written, and no address
# outside of the loopback range is asked.
set -u
P=$(realpath "$1")
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
export HOME=$top/home XDG_CONFIG_HOME=$top/home/.config PARITY_KEY='a key that only this script has, and long enough'
mkdir -p "$HOME"
ulimit -v 12000000 # what grows for ever ends here

# new makes a project of its own, in a repository.
new() { dir=$top/$1; mkdir -p "$dir/.git"; cd "$dir" || exit 1; }

# said DEFECT CONDITION WHAT prints a line; the condition is 0 where the defect is there.
said() { if [ "$2" = 0 ]; then echo "$1 there: $3"; else echo "$1 gone: $3"; fi; }

# two writes a parity.yaml that compares a with b, and more lines.
two() {
	printf 'version: 1\nenvironments:\n  - {name: staging, sources: [%s]}\n  - {name: production, sources: [%s]}\n%s\n' "$1" "$2" "${3:-}" >parity.yaml
}

cm() { printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: x}\ndata: {%s}\n' "$1"; }

blocking='gate: {mode: block, failOn: info, minConfidence: 0.5}'

new d1
cm '"a": "password:|\n "' >a.yaml; cp a.yaml b.yaml; cm 'k: v' | sed 's/name: c/name: d/' >c.yaml
two '{path: a.yaml}, {path: c.yaml}' '{path: b.yaml}, {path: c.yaml}' "$blocking"
"$P" check --output json=out.json >out 2>&1; code=$?
grep -q 'fault of its own' out.json && [ $code = 0 ]
said D1 $? "a blocking gate beside a value of twelve bytes that ends a collector: exit $code"

new d2
printf 'a: [\n' >a.yaml; cp a.yaml b.yaml; cm 'k: v' >c.yaml
two '{path: a.yaml}, {path: c.yaml}' '{path: b.yaml}, {path: c.yaml}' "$blocking"
"$P" check >out 2>&1; code=$?
[ $code = 0 ]; said D2 $? "a blocking gate beside a document broken on both sides: exit $code"

new d3
mkdir -p chart/templates; echo 'hunter2 of another directory' >"$top/outside"
printf 'apiVersion: v2\nname: c\nversion: 1.0.0\n' >chart/Chart.yaml
ln -s "$top/outside" chart/taken
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {t: {{ .Files.Get "taken" | quote }}}\n' >chart/templates/c.yaml
cm 'k: v' >b.yaml
two '{path: chart}' '{path: b.yaml}'
"$P" check --all --output json=out.json >out 2>&1
cat out out.json 2>/dev/null | grep -q 'hunter2'
said D3 $? "a chart with a link to a file outside of the repository"

new d4
cat >tool <<'T'
#!/bin/sh
echo ran >ran; echo 'A=1'
T
chmod +x tool
two '{collector: exec, command: [./tool], format: dotenv, name: t}' '{collector: exec, command: [./tool], format: dotenv, name: t}'
(git init -q . && git add -A && git -c user.name=n -c user.email=e@example.com commit -qm m) >/dev/null 2>&1
"$P" check --untrusted --base HEAD >out 2>&1; code=$?
# Without such a flag there is nothing but a run that obeys.
[ $code = 2 ] && "$P" check >out 2>&1
[ -e ran ]; said D4 $? "the safest way to check runs a program that parity.yaml names"

new d6
mkdir -p chart/templates; printf 'apiVersion: v2\nname: c\nversion: 1.0.0\n' >chart/Chart.yaml
printf '{{ range until 1000000000 }}{{ end }}\n' >chart/templates/c.yaml
cm 'k: v' >b.yaml
two '{path: chart}' '{path: b.yaml}'
timeout -s KILL 60 "$P" check >out 2>&1; code=$?
grep -q 'rendering' out; [ $? != 0 ]; said D6 $? "a template of 38 bytes that goes on for ever: exit $code"

new d8
for n in one two three four; do printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {h: https://%s.blue.example.net/}\n---\n' $n $n; done >a.yaml
sed 's/blue.example.net/red.example.org/' a.yaml >b.yaml
echo 'mine' >victim; ln -s victim parity.yaml.new
two '{path: a.yaml}' '{path: b.yaml}'
"$P" bindings --write >out 2>&1
! grep -q '^mine$' victim; said D8 $? "bindings --write beside a link at parity.yaml.new"

new d10
mkfifo parity.yaml
timeout 5 "$P" check >out 2>&1 & pid=$!
sleep 7; kill -0 $pid 2>/dev/null; there=$?; pkill -KILL -P $pid 2>/dev/null
said D10 $there "a pipe as parity.yaml: alive two seconds after SIGTERM"

new d12
printf 'version: 1\nenvironments:\n  - {name: staging, sources: [{path: "nope\\n::error title=PWN::x"}]}\n  - {name: production, sources: [{path: b}]}\n' >parity.yaml
"$P" check >/dev/null 2>out
grep -q '^::error' out; said D12 $? "a line of stderr that a runner obeys"

new d14
cm 'k: v' >a.yaml; two '{path: a.yaml}' '{path: a.yaml}'
echo old >out.json
(ulimit -f 1; "$P" check --output json=out.json >/dev/null 2>&1)
! grep -q '^old$' out.json && ! tail -c 3 out.json | grep -q '}'
said D14 $? "a report that cannot be written whole"

new d15
cm 'PASSWORD_HASHER: argon2' >a.yaml; cm 'PASSWORD_HASHER: bcrypt' >b.yaml
two '{path: a.yaml}' '{path: b.yaml}' 'gate: {mode: block, failOn: info, minConfidence: 0.5}'
"$P" check >out 2>&1; code=$?
[ $code = 0 ]; said D15 $? "argon2 against bcrypt in PASSWORD_HASHER: exit $code"

new d16
truncate -s 1G parity.yaml
/usr/bin/env time -f %M -o rss "$P" check >out 2>&1
[ "$(tail -1 rss)" -gt 500000 ]; said D16 $? "a parity.yaml of 1 GiB: $(($(tail -1 rss) / 1024)) MiB"

new d19
python3 - >a.yaml <<'T'
n = 100_000
print("services: {a: {image: 'a:1', environment: {A: '" + "${A:-" * n + "x" + "}" * n + "'}}}")
T
printf "services: {a: {image: 'a:1'}}\n" >b.yaml
two '{collector: compose, files: [a.yaml]}' '{collector: compose, files: [b.yaml]}'
timeout -s KILL 60 "$P" check >out 2>&1; code=$?
[ $code = 137 ]; said D19 $? "a Compose file of 700 KB whose variables nest deeply: exit $code within a minute"

new d24
cm 'password: "correct horse 7"' >a.yaml; cp a.yaml b.yaml
two '{path: a.yaml}' '{path: b.yaml}' 'secrets: {keyEnv: GITHUB_REPOSITORY}'
GITHUB_REPOSITORY=some-owner/some-repository PARITY_KEY= "$P" check >out 2>&1; code=$?
[ $code != 2 ]; said D24 $? "the name of a repository as the key: exit $code"

new d25
mkdir elsewhere; cm 'k: v' >a.yaml; cp a.yaml b.yaml
"$P" diff -C elsewhere a.yaml b.yaml >out 2>&1; code=$?
[ $code != 2 ]; said D25 $? "diff -C elsewhere, with paths of this directory: exit $code"

new d22
cat >server.py <<'T'
import http.server
class H(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        open("asked", "w").write(self.path)
        self.send_response(200); self.end_headers()
    do_GET = do_HEAD
    def log_message(self, *a): pass
s = http.server.HTTPServer(("127.0.0.1", 0), H)
open("port", "w").write(str(s.server_port))
s.serve_forever()
T
python3 server.py >server.log 2>&1 & pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -s port ] && break; sleep 0.5; done
printf 'groups:\n  - name: g\n    rules:\n      - {alert: Down, expr: up == 0, annotations: {runbook_url: "http://127.0.0.1:%s/internal"}}\n' "$(cat port)" >rules.yaml
two '{collector: alerting, files: [rules.yaml], checkRunbooks: true}' '{collector: alerting, files: [rules.yaml], checkRunbooks: true}'
"$P" check >out 2>&1
kill $pid; wait $pid 2>/dev/null
[ -e asked ]; said D22 $? "a runbook's address on the loopback interface is asked"

new d23
cm 'k: v' >a.yaml; cp a.yaml b.yaml
two '{path: a.yaml}' '{path: b.yaml}' "$blocking"
"$P" snapshot staging -o s.parity >out 2>&1
# The bytes before the frame mark the file; the header's time is changed.
python3 - <<'T'
import subprocess
data = open("s.parity", "rb").read()
at = data.index(b"\x28\xb5\x2f\xfd")
text = subprocess.run(["zstd", "-dcq"], input=data[at:], stdout=subprocess.PIPE, check=True).stdout
head, rest = text.split(b"\n", 1)
year = head.index(b'"time":"') + len(b'"time":"')
open("forged.parity", "wb").write(head[:year] + b"2019" + head[year+4:] + b"\n" + rest)
T
"$P" check --snapshot staging=forged.parity >out 2>&1; code=$?
[ $code = 0 ]; said D23 $? "a blocking gate beside a snapshot with another time in its header: exit $code"

# learnable writes overlays whose domains stand for each other.
learnable() {
	for n in one two three four five six; do printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {h: "https://%s.%s/", team: blue-team}\n---\n' $n $n "$1"; done
}

new review2
learnable blue.example.net >a.yaml; learnable red.example.org | sed 's/blue-team/red-team/' >b.yaml
two '{path: a.yaml}' '{path: b.yaml}' 'bindings:
  - {role: team, spellings: {staging: blue-team, production: red-team}}'
"$P" check --fail-on medium --output json=out.json >out 2>&1; code=$?
[ $code = 0 ]; said 'review D2' $? "domains learned beside a frozen binding pass --fail-on: exit $code"

new review3
# Two domains of staging stand for one of production.
{ learnable blue.example.net; learnable green.example.net | sed 's/name: /name: x/;s#https://#https://x#'; } >a.yaml
{ learnable red.example.org; learnable red.example.org | sed 's/name: /name: x/;s#https://#https://x#'; } | sed 's/red-team/blue-team/' >b.yaml
two '{path: a.yaml}' '{path: b.yaml}'
"$P" check --format json >before.json 2>/dev/null
"$P" bindings --write >out 2>&1
"$P" check --format json >after.json 2>/dev/null
counted() { python3 -c 'import json,sys; print(sum(len(g["differences"]) for g in json.load(open(sys.argv[1]))["groups"] if g.get("counts", True)))' "$1"; }
n=$(counted before.json) m=$(counted after.json)
[ "$n" != "$m" ]; said 'review D3' $? "bindings --write of two spellings: $n differences before, $m after"
