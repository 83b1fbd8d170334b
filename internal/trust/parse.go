package trust

import (
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
)

// maxBindings bounds a list of bindings.
const maxBindings = 1000

// Parse reads bindings of the form NAME=HOST or NAME=HOST:PORT, separated by
// commas or line ends. Blank entries and lines that begin with # are left out.
// Its errors name the entry by its number, as the text may hold a secret by
// mistake.
func Parse(text string) ([]Binding, error) {
	var out []Binding
	n := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for entry := range strings.SplitSeq(line, ",") {
			if strings.TrimSpace(entry) == "" {
				continue
			}
			n++
			if n > maxBindings {
				return nil, fmt.Errorf("there are more than %d entries", maxBindings)
			}
			b, err := parseBinding(entry)
			if err != nil {
				return nil, fmt.Errorf("entry %d %w", n, err)
			}
			out = append(out, b)
		}
	}
	return out, nil
}

// parseBinding reads one binding. A host has no '=', a path may.
func parseBinding(entry string) (Binding, error) {
	entry = strings.TrimSpace(entry)
	at := strings.LastIndexByte(entry, '=')
	if at < 0 {
		return Binding{}, errors.New("is not of the form NAME=HOST")
	}
	b := Binding{Credential: strings.TrimSpace(entry[:at]), Host: strings.ToLower(strings.TrimSpace(entry[at+1:]))}
	switch {
	case !validCredential(b.Credential):
		return Binding{}, errors.New("does not begin with the name of an environment variable, or file: and an absolute path")
	case !validHost(b.Host):
		return Binding{}, errors.New("does not end with a host or host:port; a host has no scheme, no path and no pattern")
	}
	b.Host = canonicalHost(b.Host)
	return b, nil
}

func validCredential(name string) bool {
	if path, ok := strings.CutPrefix(name, filePrefix); ok {
		return filepath.IsAbs(path) && strings.TrimSpace(path) == path && strings.IndexFunc(path, unprintable) < 0 && !strings.Contains(path, ",")
	}
	for i := range len(name) {
		c := name[i]
		if c != '_' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return name != ""
}

func unprintable(r rune) bool { return !strconv.IsPrint(r) }

// validHost reports whether a text in lower case is a host with or without a
// port.
func validHost(text string) bool {
	host, port := splitPort(text)
	if port != "" {
		if n, err := strconv.ParseUint(port[1:], 10, 16); err != nil || n == 0 || port[1] == '0' {
			return false
		}
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		addr, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return strings.HasSuffix(inner, "]") && err == nil && addr.Is6() && addr.Zone() == ""
	}
	host = strings.TrimSuffix(host, ".")
	if host == "" || len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// splitPort parts "host:port" before the colon; port is empty where there is
// none, and ":" alone where it is missing.
func splitPort(text string) (host, port string) {
	at := strings.LastIndexByte(text, ':')
	if at < 0 || at < strings.LastIndexByte(text, ']') {
		return text, ""
	}
	if at == len(text)-1 {
		return "", "" // a colon without a port is no host
	}
	return text[:at], text[at:]
}

// canonicalHost takes the dot off the end of a host's name.
func canonicalHost(text string) string {
	host, port := splitPort(text)
	return strings.TrimSuffix(host, ".") + port
}
