package naming

import (
	"slices"
	"strings"
)

// asked are the labels that say what was asked, by what they say of it.
type asked struct {
	verbs      []string // GET
	rpcService string
	rpcMethod  string
	routes     []string // the templates first
	resource   string
	sub, group string
	operations []string
	kinds      []string // type, kind: say it only beside a name that speaks of requests
	called     []string // who is called
}

// routeWords are the last words of labels that name a route, the ones with the
// fewest values first.
func routeWords() []string {
	return []string{"route", "template", "handler", "view", "endpoint", "uri", "pattern", "path", "url", "page", "servlet", "controller", "router", "entrypoint", "zone"}
}

func askedOf(labels []string) asked {
	var a asked
	byWord := map[string][]string{}
	for _, l := range slices.Sorted(slices.Values(labels)) {
		if w := split(l); len(w) > 0 && isCode(l) == "" {
			a.add(l, w, byWord)
		}
	}
	for _, word := range routeWords() {
		a.routes = append(a.routes, byWord[word]...)
	}
	if a.resource == "" {
		a.sub, a.group = "", ""
	}
	if a.rpcService == "" && a.rpcMethod != "" && slices.Contains(labels, "service") {
		a.rpcService = "service"
	}
	return a
}

func (a *asked) add(l string, w []string, byWord map[string][]string) {
	rpc := slices.Contains(w, "rpc") || slices.Contains(w, "grpc")
	switch last := w[len(w)-1]; last {
	case "method", "verb":
		if rpc {
			a.rpcMethod = l
		} else {
			a.verbs = append(a.verbs, l)
		}
	case "service":
		if rpc {
			a.rpcService = l
		}
	case "resource":
		a.resource = l
	case "subresource":
		a.sub = l
	case "group":
		a.group = l
	case "operation", "op", "action", "command", "cmd", "function", "procedure", "api", "rpc":
		a.operations = append(a.operations, l)
	case "type", "kind":
		a.kinds = append(a.kinds, l)
	case "host", "peer", "target", "destination", "remote", "upstream", "backend", "integration", "address", "authority", "datasource", "database", "topic", "queue":
		a.called = append(a.called, l)
	default:
		if slices.Contains(routeWords(), last) {
			byWord[last] = append(byWord[last], l)
		} else if last == "name" && len(w) > 1 && (slices.Contains(w, "operation") || slices.Contains(w, "command")) {
			a.operations = append(a.operations, l)
		}
	}
}

// any reports whether a label says what was asked.
func (a asked) any() bool {
	return len(a.verbs)+len(a.routes)+len(a.operations) > 0 || a.rpcMethod != "" || a.resource != ""
}

func (a asked) named() bool { return a.any() || len(a.kinds) > 0 }

// http reports whether it is a request to a route or a resource.
func (a asked) http() bool {
	return len(a.routes) > 0 || a.resource != "" && len(a.verbs) > 0
}

// both keeps the labels that both have.
func (a asked) both(b asked) asked {
	common := func(x, y []string) []string {
		return slices.DeleteFunc(slices.Clone(x), func(s string) bool { return !slices.Contains(y, s) })
	}
	same := func(x, y string) string {
		if x != y {
			return ""
		}
		return x
	}
	return asked{
		verbs: common(a.verbs, b.verbs), rpcService: same(a.rpcService, b.rpcService), rpcMethod: same(a.rpcMethod, b.rpcMethod),
		routes: common(a.routes, b.routes), resource: same(a.resource, b.resource), sub: same(a.sub, b.sub), group: same(a.group, b.group),
		operations: common(a.operations, b.operations), kinds: common(a.kinds, b.kinds), called: common(a.called, b.called),
	}
}

// items are the labels that make up an endpoint's name.
func (a asked) items() []string {
	var out []string
	add := func(labels ...string) {
		if text := strings.Join(labels, "|"); text != "" {
			out = append(out, text)
		}
	}
	add(a.verbs...)
	if a.rpcMethod != "" {
		add("=rpc")
		add(a.rpcService)
		out = append(out, "/"+a.rpcMethod)
	}
	add(a.routes...)
	add(a.resource)
	if a.sub != "" {
		out = append(out, "/"+a.sub)
	}
	add(a.group)
	add(a.operations...)
	if !a.any() {
		add(a.kinds...)
	}
	return out
}

// peers are the labels that name what is called.
func (a asked) peers() []string {
	out := slices.Clone(a.called)
	if a.rpcService != "" {
		out = append(out, a.rpcService)
	}
	return out
}

// How a label tells how a request ended.
const (
	endedByCode   = "code"
	endedByRPC    = "rpc"
	endedByClass  = "class"
	endedWell     = "success"
	endedByErrors = "error"
)

// isCode says how a label tells how a request ended; empty where it does not.
func isCode(label string) string {
	w := split(label)
	if len(w) == 0 {
		return ""
	}
	rpc := slices.Contains(w, "rpc") || slices.Contains(w, "grpc")
	switch last := w[len(w)-1]; last {
	case "code", "status", "statuscode", "result", "outcome", "httpcode", "httpstatus", "rcode", "classification":
		if rpc {
			return endedByRPC
		}
		return endedByCode
	case "class":
		if slices.Contains(w, "code") || slices.Contains(w, "status") {
			return endedByClass
		}
	case "success", "successful", "succeeded", "ok":
		return endedWell
	case "error", "errored", "failed", "failure":
		return endedByErrors
	case "type":
		if len(w) > 1 && w[len(w)-2] == "error" {
			return endedByErrors
		}
	}
	return ""
}

func codesOf(labels []string) []string {
	var out []string
	for _, l := range slices.Sorted(slices.Values(labels)) {
		if isCode(l) != "" {
			out = append(out, l)
		}
	}
	return out
}

// failedBy gives the matchers of failed requests.
func failedBy(codes []string) []string {
	var out []string
	for _, l := range codes {
		switch isCode(l) {
		case endedByCode:
			out = append(out, l+codeFailed)
		case endedByRPC:
			out = append(out, l+grpcFailedCodes, l+grpcFailedNames)
		case endedByClass:
			out = append(out, l+`=~"5|5xx|5XX|error"`)
		case endedWell:
			out = append(out, l+`=~"false|False|no|0"`)
		case endedByErrors:
			out = append(out, l+`!~"|false|False|no|0|none|None|nil|null|ok|OK|success|[1-4]..|[1-4]xx"`)
		}
	}
	return out
}

// codeFailed selects failed requests by a label whose values may be codes of
// HTTP, names of gRPC, or words.
const codeFailed = `=~"5..|5xx|5XX|429|(?i:err|error|errors|fail|failed|failure|exception|fatal|timeout|refused|rejected|servfail|.*_error)|Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss|ResourceExhausted|UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS|RESOURCE_EXHAUSTED"`
