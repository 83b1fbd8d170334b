package redact

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// The texts hold Zebra-7Quill where a secret is; it must go, and what is in
// keep must stay.
func TestGrammarsOfFiles(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, c := range []struct{ name, text, keep string }{
		{"netrc", "machine h.example.com\n  login bob\n  password Zebra-7Quill\n", "login bob"},
		{"netrc line", "machine h.example.com login bob password Zebra-7Quill", "login bob"},
		{"redis", "port 6379\nrequirepass Zebra-7Quill\nmaxmemory 1gb\n", "maxmemory 1gb"},
		{"redis replica", "masterauth Zebra-7Quill\n", "masterauth"},
		{"redis user", "user default on >Zebra-7Quill ~* +@all\n", "~* +@all"},
		{"broker", "listener 1883\npassword Zebra-7Quill\n", "listener 1883"},
		{"haproxy", "userlist u\n  user bob insecure-password Zebra-7Quill\n", "user bob"},
		{"haproxy stats", "stats enable\nstats auth bob:Zebra-7Quill\n", "stats auth bob:"},
		{"nginx set", "location / {\n  set $api_token \"Zebra-7Quill\";\n}\n", "set $api_token"},
		{"nginx header", "proxy_set_header X-Api-Key \"Zebra-7Quill\";", "X-Api-Key"},
		{"nginx authorization", "proxy_set_header Authorization \"Basic Zebra-7Quill\";", "Authorization"},
		{"sql", "CREATE USER bob IDENTIFIED BY 'Zebra-7Quill';", "CREATE USER bob"},
		{"sql role", "CREATE ROLE bob LOGIN PASSWORD 'Zebra-7Quill' VALID UNTIL 'infinity';", "VALID UNTIL"},
		{"sql alter", "ALTER USER bob WITH PASSWORD 'Zebra-7Quill';", "ALTER USER bob"},
		{"sql grant", "GRANT ALL ON x.* TO 'bob'@'%' IDENTIFIED BY 'Zebra-7Quill';", "GRANT ALL"},
		{"pgbouncer", "\"bob\" \"Zebra-7Quill\"\n\"eve\" \"Zebra-7Quill\"\n", "\"bob\""},
		{"chap", "bob * Zebra-7Quill *\n", "bob *"},
		{"php", "define('DB_PASSWORD', 'Zebra-7Quill');", "DB_PASSWORD"},
		{"call", `client.set("api_key", "Zebra-7Quill")`, "api_key"},
		{"pair", `["password","Zebra-7Quill"]`, "password"},
		{"named", `[{"name":"DB_PASSWORD","value":"Zebra-7Quill"},{"name":"HOST","value":"db"}]`, `"db"`},
		{"named flow", "- {name: DB_PASSWORD, value: Zebra-7Quill}\n- {name: HOST, value: db}\n", "value: db"},
		{"named lines", "- name: DB_PASSWORD\n  value: Zebra-7Quill\n- name: HOST\n  value: db\n", "value: db"},
		{"xml", `<add key="ClearTextPassword" value="Zebra-7Quill" />`, "ClearTextPassword"},
		{"curlrc", "user = \"bob:Zebra-7Quill\"\nurl = https://h.example.com\n", "url = https://h.example.com"},
		{"cloud-init", "chpasswd:\n  list: |\n    root:Zebra-7Quill\n    bob:Zebra-7Quill\n", "chpasswd"},
		{"wireguard", "[Peer]\nPresharedKey = Zebra-7Quill\nEndpoint = h:51820\n", "Endpoint = h:51820"},
		{"fluentd", "<server>\n  host h\n  shared_key Zebra-7Quill\n</server>", "host h"},
		{"sasl", "[smtp.example.com]:587 bob:Zebra-7Quill\n", "[smtp.example.com]:587 bob:"},
		{"squid", "cache_peer h parent 3128 0 login=bob:Zebra-7Quill\n", "login=bob:"},
		{"snmp", "rocommunity Zebra-7Quill 10.0.0.0/8\n", "rocommunity"},
		{"csv", "name,password,host\nbob,Zebra-7Quill,db\neve,Zebra-7Quill,db\n", "bob,"},
		{"markdown rows", "| key | value |\n|---|---|\n| DB_PASSWORD | Zebra-7Quill |\n| HOST | db |\n", "| HOST | db |"},
		{"markdown column", "| user | password |\n|---|---|\n| bob | Zebra-7Quill |\n", "| bob |"},
		{"prose", "The password is Zebra-7Quill for now.", "for now"},
		{"htpasswd", "bob:{SHA}Zebra-7Quillxxxx\n", "bob:{SHA}"},
		{"cookie", "Cookie: sid=Zebra-7Quill; theme=dark", "theme=dark"},
		{"set-cookie", "Set-Cookie: sid=Zebra-7Quill; Path=/; HttpOnly", "Path=/"},
		{"digest", "Authorization: Digest username=\"bob\", response=\"Zebra-7Quill\"", "Authorization"},
		{"sshpass", "sshpass -p Zebra-7Quill ssh bob@h.example.com", "ssh bob@h.example.com"},
		{"mysql", "mysql -ubob -pZebra-7Quill -h db shop", "-h db shop"},
		{"redis-cli", "redis-cli -h db -a Zebra-7Quill ping", "ping"},
		{"ldap", "ldapsearch -D cn=bob -w Zebra-7Quill -b dc=x", "-b dc=x"},
		{"user flag", "curl --user=bob:Zebra-7Quill https://h.example.com", "--user=bob:"},
		{"user flag glued", "curl -ubob:Zebra-7Quill https://h.example.com", "https://h.example.com"},
		{"proxy user", "curl --proxy-user bob:Zebra-7Quill https://h.example.com", "https://h.example.com"},
		{"openssl", "openssl rsa -passin pass:Zebra-7Quill -in x.pem", "-in x.pem"},
		{"flag", "run --requirepass Zebra-7Quill --port 1", "--port 1"},
		{"flag psk", "run --psk Zebra-7Quill --port 1", "--port 1"},
		{"flag key", "run --key Zebra-7Quill --port 1", "--port 1"},
		{"oracle", "jdbc:oracle:thin:bob/Zebra-7Quill@db.example.com:1521:shop", "jdbc:oracle:thin:bob/"},
		{"oracle tns", "bob/Zebra-7Quill@shopdb", "@shopdb"},
		{"no port", "bob:Zebra-7Quill@db.example.com", "@db.example.com"},
		{"query key", "https://h.example.com/x?a=1&key=Zebra-7Quill&b=2", "&b=2"},
		{"query code", "https://h.example.com/x?code=Zebra-7Quill", "?code="},
		{"query subscription", "https://h.example.com/x?subscription-key=Zebra-7Quill", "?subscription-key="},
		{"mysql script", "sh -c 'mysqldump -u bob -pZebra-7Quill shop > x.sql'", "shop > x.sql"},
		{"env", "ENV DB_PASSWORD Zebra-7Quill\nENV HOST db\n", "ENV HOST db"},
		{"appinsights", "InstrumentationKey=Zebra-7Quill;IngestionEndpoint=https://h.example.com/", "IngestionEndpoint=https://h.example.com/"},
		{"kubeconfig", "users:\n- name: bob\n  user:\n    client-key-data: Zebra-7Quill\n", "name: bob"},
		{"erlang", "-setcookie Zebra-7Quill -name x", "-name x"},
		{"json map", `{"password": {"production": "Zebra-7Quill"}, "host": "db"}`, `"host": "db"`},
		{"yaml map", "password:\n  production: Zebra-7Quill\n  host: db\n", "host: db"},
	} {
		got := r.Text(c.text)
		if strings.Contains(got, "Zebra-7Quill") || !strings.Contains(got, c.keep) {
			t.Errorf("%s: %q\n becomes %q, want no secret and still %q", c.name, c.text, got, c.keep)
		}
		if again := r.Text(got); again != got {
			t.Errorf("%s: not stable: %q becomes %q", c.name, got, again)
		}
	}
}

func TestGrammarsKeep(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, text := range []string{
		"password must have 8 characters", "the token expired", "set token in the header", "10:20@host:99", "a:1,b:2@c:3", "user: node:node", "user: 1000:1000",
		"docker run -p 8080:80 -u root shop", "nginx -c /etc/nginx/nginx.conf", "cp -a src dst", "grep -w word file", "tar -P -xf x.tar", "key: app.kubernetes.io/name",
		"name,host,port\nweb,db,5432\n", "| key | value |\n|---|---|\n| HOST | db |\n", "worker_processes auto;\nkeepalive_timeout 65;\n", "auth_basic \"Restricted\";",
		"[\"password\",\"token\"]", "scopes: [\"openid\", \"email\"]", "owner:alice@example.com", "actions/checkout@v4", "uses: team/repo@main", "npm:left-pad@1.3.0", "mailto:bob@example.com",
		"SELECT password FROM users WHERE id = 1", "reset password email", "https://h.example.com/x?key=orders&code=200", "image: shop/web:1.2.3@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"secretKeyRef:\n  name: shop\n  key: password\n", "server {\n  listen 443 ssl;\n  ssl_certificate_key /etc/ssl/private/shop.key;\n}\n", "proxy_set_header Host $host;\nproxy_set_header X-Real-IP $remote_addr;\n",
		"log_format main '$remote_addr - $remote_user [$time_local] \"$request\"';", "password is required", "PARTITION_KEY: tenant", "token bucket size 100", "a - b - c",
		"ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256;\n",
	} {
		if got := r.Text(text); got != text {
			t.Errorf("Text(%q) = %q, want it unchanged", text, got)
		}
	}
}

func TestCommandLines(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, c := range []struct {
		path, raw string
		kind      parity.ValueKind
	}{
		{"/command", `["mysql","-pZebra7Quill"]`, parity.List},
		{"/args", `["-p","Zebra7Quill"]`, parity.List},
		{"/args", `["--user=bob:Zebra7Quill"]`, parity.List},
		{"/args[=-p]", "Zebra7Quill", parity.Text},
		{"/args[=-pZebra7Quill]", "-pZebra7Quill", parity.Set},
		{"/args[=--psk=Zebra7Quill]", "--psk=Zebra7Quill", parity.Set},
		{"/args[=pass:Zebra7Quill]", "pass:Zebra7Quill", parity.Set},
		{"/image", "bob:Zebra7Quill@registry.example.com/x:1", parity.Image},
	} {
		f := parity.Fact{Path: c.path, Value: parity.Value{Kind: c.kind, Raw: c.raw}}
		r.Fact(&parity.Subject{}, &f)
		if strings.Contains(f.Path+f.Value.Raw+f.Value.Canon, "Zebra7Quill") {
			t.Errorf("%s: %q becomes %+v at %q", c.path, c.raw, f.Value, f.Path)
		}
	}
	for _, c := range []struct{ path, raw string }{
		{"/args", `["-p","8080","-w","4","-a","0.0.0.0","-v2","-port=80"]`},
		{"/args", `["serve","-p","production","-w","/data","-a","localhost:80"]`},
		{"/args[=-v2]", "-v2"},
		{"/args", `["-P","config-file.yaml"]`},
	} {
		f := parity.Fact{Path: c.path, Value: parity.Value{Kind: parity.List, Raw: c.raw}}
		if r.Fact(&parity.Subject{}, &f); f.Value.Raw != c.raw || f.Value.Kind == parity.Secret {
			t.Errorf("%s: %q becomes %+v", c.path, c.raw, f.Value)
		}
	}
}
