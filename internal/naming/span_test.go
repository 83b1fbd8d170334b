package naming

import (
	"strings"
	"testing"
)

func span(kind SpanKind, name string, attributes ...string) Span {
	of := map[string]string{}
	for i := 0; i+1 < len(attributes); i += 2 {
		of[attributes[i]] = attributes[i+1]
	}
	get := func(name string) string { return of[name] }
	return Span{Kind: kind, Name: name, Error: of["status"] == "error", Attribute: get, Resource: get}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct {
		what string
		span Span
		want SpanNames
	}{
		{
			"a route", span(ServerSpan, "GET /cart/{id}", "service.name", "cart", "http.request.method", "GET", "http.route", "/cart/{id}", "http.response.status_code", "500"),
			SpanNames{Service: "cart", Operation: "server GET /cart/{id}", Endpoint: "GET /cart/{id}", Failed: true},
		},
		{
			"old conventions", span(ServerSpan, "/cart/{id}", "http.method", "GET", "http.route", "/cart/{id}", "http.status_code", "404"),
			SpanNames{Operation: "server /cart/{id}", Endpoint: "GET /cart/{id}"},
		},
		{
			"no route", span(ServerSpan, "GET", "http.request.method", "GET", "url.path", "/cart/4711?token=x"),
			SpanNames{Operation: "server GET", Endpoint: "GET /cart/{id}"},
		},
		{
			"an old URL", span(ServerSpan, "HTTP GET", "http.method", "GET", "http.url", "https://u:p@shop.example.com/cart/4711"),
			SpanNames{Operation: "server HTTP GET", Endpoint: "GET /cart/{id}"},
		},
		{
			"a name with a raw path", span(ServerSpan, "GET /cart/550e8400-e29b-41d4-a716-446655440000/items", "http.request.method", "GET"),
			SpanNames{Operation: "server GET /cart/{id}/items", Endpoint: "GET /cart/{id}/items"},
		},
		{
			"a procedure", span(ServerSpan, "shop.Cart/Add", "rpc.system", "grpc", "rpc.service", "shop.Cart", "rpc.method", "Add", "rpc.grpc.status_code", "5"),
			SpanNames{Operation: "server shop.Cart/Add", Endpoint: "rpc shop.Cart/Add"},
		},
		{
			"a procedure that failed", span(ServerSpan, "shop.Cart/Add", "rpc.system.name", "grpc", "rpc.method", "shop.Cart/Add", "rpc.response.status_code", "UNAVAILABLE"),
			SpanNames{Operation: "server shop.Cart/Add", Endpoint: "rpc shop.Cart/Add", Failed: true},
		},
		{
			"a consumer", span(ConsumerSpan, "process orders", "messaging.system", "kafka", "messaging.destination.name", "orders", "messaging.operation.name", "process"),
			SpanNames{Operation: "consumer process orders", Endpoint: "process orders"},
		},
		{
			"a producer", span(ProducerSpan, "send orders", "messaging.system", "kafka", "messaging.destination.name", "orders", "server.address", "broker-1"),
			SpanNames{Operation: "producer send orders", Peer: "kafka orders"},
		},
		{
			"a client that is told its peer", span(ClientSpan, "GET", "peer.service", "inventory", "server.address", "10.0.0.1", "http.request.method", "GET", "http.response.status_code", "404", "status", "error"),
			SpanNames{Operation: "client GET", Peer: "inventory", PeerIsService: true},
		},
		{
			"a client without an answer", span(ClientSpan, "GET", "http.request.method", "GET", "server.address", "inventory:8080", "error.type", "timeout"),
			SpanNames{Operation: "client GET", Peer: "inventory", Failed: true},
		},
		{
			"an old client", span(ClientSpan, "GET", "http.method", "GET", "http.url", "http://inventory:8080/x", "http.status_code", "503"),
			SpanNames{Operation: "client GET", Peer: "inventory", Failed: true},
		},
		{
			"a database by its host", span(ClientSpan, "SELECT shop", "db.system", "postgresql", "db.name", "shop", "server.address", "db"),
			SpanNames{Operation: "client SELECT shop", Peer: "db"},
		},
		{
			"a database at an address", span(ClientSpan, "SELECT shop", "db.system.name", "postgresql", "db.namespace", "shop", "server.address", "10.1.2.3"),
			SpanNames{Operation: "client SELECT shop", Peer: "postgresql shop"},
		},
		{"nothing but an address", span(ClientSpan, "x", "network.peer.address", "10.1.2.3"), SpanNames{Operation: "client x", Peer: "10.1.2.3"}},
		{"an internal span", span(InternalSpan, "price", "status", "error"), SpanNames{Operation: "internal price", Failed: true}},
	} {
		if got := (Config{}).Span(c.span); got != c.want {
			t.Errorf("%s: got %+v\nwant %+v", c.what, got, c.want)
		}
	}
}

func TestServiceOfConfig(t *testing.T) {
	c := Config{Service: []string{"team.service"}}
	if got := c.Span(span(ServerSpan, "x", "team.service", "cart", "service.name", "other")).Service; got != "cart" {
		t.Errorf("the service is %q", got)
	}
	if !c.Wanted("team.service") || c.Wanted("service.name") || c.Wanted("db.query.text") {
		t.Error("other attributes are wanted")
	}
}

func TestFoldName(t *testing.T) {
	for in, want := range map[string]string{
		"GET /v1/cart/{id}":                         "GET /v1/cart/{id}",
		"GET /users/me@example.com":                 "GET /users/{id}",
		"GET /a/12/b/deadbeef01":                    "GET /a/{id}/b/{id}",
		"GET /feedback/facade":                      "GET /feedback/facade",
		"GET /api/s3-bucket/oauth2":                 "GET /api/s3-bucket/oauth2",
		"job 01ARZ3NDEKTSV4RRFFQ69G5FAV done":       "job {id} done",
		"HTTP 200 ok":                               "HTTP 200 ok",
		"GET https://u:secret@host:80/x/77?token=1": "GET https://host:80/x/{id}",
		"SELECT shop.orders":                        "SELECT shop.orders",
		"":                                          "",
	} {
		if got := FoldName(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestParseSpanKind(t *testing.T) {
	for in, want := range map[string]SpanKind{"server": ServerSpan, "SPAN_KIND_CLIENT": ClientSpan, "2": ServerSpan, "": AnySpan, "7": AnySpan, "Consumer": ConsumerSpan} {
		if got := ParseSpanKind(in); got != want {
			t.Errorf("%q is %v, want %v", in, got, want)
		}
	}
}

// FuzzFoldName holds that folding what is folded changes nothing, that names
// are bounded, and that no user of a URL is left.
func FuzzFoldName(f *testing.F) {
	f.Add("GET /cart/12?x=1")
	f.Add("https://u:p@host/x")
	f.Add(strings.Repeat("é/9", 200))
	f.Fuzz(func(t *testing.T, name string) {
		once := FoldName(name)
		if len(once) > maxNameLength+len("…")+3*maxNameLength {
			t.Fatalf("%d bytes", len(once))
		}
		if len(name) <= maxNameLength && len(once) <= maxNameLength {
			if again := FoldName(once); again != once {
				t.Fatalf("%q, and again %q", once, again)
			}
		}
	})
}
