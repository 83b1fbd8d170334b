package manifests

import (
	"net/url"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// isURL reports whether kustomize would fetch a file from the path.
func isURL(entry string) bool {
	u, err := url.Parse(entry)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https")
}

// looksRemote reports whether kustomize could take an entry for a repository or
// a URL. It says yes rather than no: an entry that is there as a file or
// directory is written so that kustomize cannot mistake it.
func looksRemote(entry string) bool {
	if isURL(entry) || strings.Contains(entry, "://") {
		return true
	}
	lower := strings.ToLower(entry)
	for _, prefix := range []string{"git::", "github.com/", "github.com:", "git@", "gitlab.com/", "bitbucket.org/"} {
		if strings.HasPrefix(lower, prefix) {
			return true
		}
	}
	user, rest, ok := strings.Cut(entry, "@")
	return ok && user != "" && !strings.ContainsAny(user, "/.") && strings.ContainsAny(rest, ":/")
}

// remoteRef is a remote entry taken apart: what it names, in one spelling, and
// at which revision.
func remoteRef(entry string) (name, ref string) {
	name, query, _ := strings.Cut(entry, "?")
	if q, err := url.ParseQuery(query); err == nil {
		if ref = q.Get("ref"); ref == "" {
			ref = q.Get("version")
		}
	}
	name = strings.TrimPrefix(name, "git::")
	if _, after, ok := strings.Cut(name, "://"); ok {
		name = after
	}
	if user, after, ok := strings.Cut(name, "@"); ok && !strings.Contains(user, "/") {
		name = after
	}
	for _, spelling := range [][2]string{{"github.com:", "github.com/"}, {".git/", "/"}, {"//", "/"}} {
		name = strings.ReplaceAll(name, spelling[0], spelling[1])
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, "/"), ".git")
	if ref == "" {
		name, ref = refInPath(name)
	}
	return name, ref
}

// refInPath takes the version out of the well-known paths that carry one.
func refInPath(name string) (rest, ref string) {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		after := i + 1
		switch {
		case p == "releases" && len(parts) > i+2 && parts[i+1] == "download":
			after = i + 2
		case strings.HasPrefix(name, "raw.githubusercontent.com/") && i == 2:
			if after = 3; len(parts) > 4 && parts[3] == "refs" {
				after = 5
			}
		case p != "blob" && p != "tree" && p != "raw":
			continue
		}
		if after < len(parts)-1 {
			ref = parts[after]
			return strings.Join(append(parts[:after:after], parts[after+1:]...), "/"), ref
		}
	}
	return name, ""
}

// remoteSubject says which revision of a remote source a kustomization takes.
// That much is known although what is in it is not.
func remoteSubject(entry string, origin *parity.Origin, line, col int32) (parity.Subject, []parity.Fact) {
	name, ref := remoteRef(entry)
	s := parity.Subject{Key: parity.Key{Kind: "RemoteBase", Name: name}, Origin: origin, Line: line, Col: col}
	v, rules := parity.Value{Kind: parity.Null}, parity.RuleSet(0)
	if ref != "" {
		v = parity.Value{Kind: parity.Version, Raw: ref}
		if canon, ok := value.Version(ref); ok {
			v.Canon = canon
			if canon != ref {
				rules = parity.SetOf(parity.VersionForm)
			}
		}
	}
	return s, []parity.Fact{{Path: "/ref", Value: v, Rules: rules, Surface: parity.Dependency, Origin: origin, Line: line, Col: col}}
}
