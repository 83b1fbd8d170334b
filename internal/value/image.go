package value

import "strings"

// Image is a container image reference taken apart, with the defaults of
// Docker filled in.
type Image struct {
	Registry   string // "docker.io"
	Repository string // "library/nginx"
	Tag        string // empty where only a digest is given
	Digest     string // "sha256:..."
}

// ParseImage takes an image reference apart. A reference without tag and
// digest has the tag "latest". ok is false where the text is none.
func ParseImage(s string) (Image, bool) {
	if s == "" || len(s) > 512 || strings.ContainsAny(s, " \t\n\"'{}$<>()[]\\,;=?&|") || strings.Contains(s, "//") {
		return Image{}, false
	}
	rest, digest, hasDigest := strings.Cut(s, "@")
	if hasDigest && !validDigest(digest) {
		return Image{}, false
	}
	var tag string
	if i := strings.LastIndexByte(rest, ':'); i > strings.LastIndexByte(rest, '/') {
		rest, tag = rest[:i], rest[i+1:]
		if !validTag(tag) {
			return Image{}, false
		}
	}
	registry, repository := splitRegistry(rest)
	if !validRepository(repository) {
		return Image{}, false
	}
	if tag == "" && digest == "" {
		tag = "latest"
	}
	return Image{Registry: registry, Repository: repository, Tag: tag, Digest: digest}, true
}

func splitRegistry(s string) (registry, repository string) {
	first, rest, ok := strings.Cut(s, "/")
	switch {
	case !ok:
		return "docker.io", "library/" + s
	case !strings.ContainsAny(first, ".:") && first != "localhost":
		return "docker.io", s
	case first == "index.docker.io" || first == "registry-1.docker.io" || first == "registry.hub.docker.com":
		first = "docker.io"
	}
	if first == "docker.io" && !strings.Contains(rest, "/") {
		rest = "library/" + rest
	}
	return first, rest
}

func validDigest(d string) bool {
	algorithm, hex, ok := strings.Cut(d, ":")
	if !ok || algorithm == "" || len(hex) < 32 {
		return false
	}
	for i := range len(hex) {
		if !isHex(hex[i]) {
			return false
		}
	}
	return true
}

func validTag(t string) bool {
	if t == "" || len(t) > 128 || t[0] == '-' || t[0] == '.' {
		return false
	}
	for i := range len(t) {
		if !isAlnum(t[i]) && t[i] != '_' && t[i] != '-' && t[i] != '.' {
			return false
		}
	}
	return true
}

func validRepository(r string) bool {
	if r == "" || r[0] == '/' || r[len(r)-1] == '/' {
		return false
	}
	for i := range len(r) {
		if c := r[i]; !(c >= 'a' && c <= 'z') && !isDigit(c) && c != '_' && c != '-' && c != '.' && c != '/' {
			return false
		}
	}
	return true
}

// Canonical gives "registry/repository:tag@digest" with the parts that there
// are. mirrors maps a mirror's prefix to the prefix that it mirrors; the
// longest that matches whole segments is replaced.
func (i Image) Canonical(mirrors map[string]string) string {
	name := i.Registry + "/" + i.Repository
	best := ""
	for prefix := range mirrors {
		whole := name == prefix || strings.HasPrefix(name, strings.TrimSuffix(prefix, "/")+"/")
		if whole && len(prefix) > len(best) {
			best = prefix
		}
	}
	if best != "" {
		name = mirrors[best] + name[len(strings.TrimSuffix(best, "/")):]
	}
	if i.Tag != "" {
		name += ":" + i.Tag
	}
	if i.Digest != "" {
		name += "@" + i.Digest
	}
	return name
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlnum(c byte) bool { return isDigit(c) || isAlpha(c) }
func isHex(c byte) bool   { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
