package kubernetes

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/version"
	kubediscovery "k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"

	"github.com/envparity/parity"
)

// resource is one kind that the server lists.
type resource struct {
	group, version, name, kind string
	namespaced                 bool
}

func (r resource) path(namespace string) string {
	p := "/apis/" + r.group + "/" + r.version
	if r.group == "" {
		p = "/api/" + r.version
	}
	if namespace != "" {
		p += "/namespaces/" + namespace
	}
	return p + "/" + r.name
}

func (r resource) id() string { return r.group + "/" + r.kind }

// discovery is what the server says of itself.
type discovery struct {
	version   string // "v1.34.2"
	served    []string
	resources []resource
	// failed are group versions whose resources could not be asked for.
	failed map[schema.GroupVersion]error
}

// minor gives "1.34", or nothing where the version is none.
func (d *discovery) minor() string {
	parts := strings.SplitN(strings.TrimPrefix(d.version, "v"), ".", 3)
	if len(parts) < 2 {
		return ""
	}
	digits := strings.IndexFunc(parts[1], func(r rune) bool { return r < '0' || r > '9' })
	if digits >= 0 {
		parts[1] = parts[1][:digits]
	}
	return parts[0] + "." + parts[1]
}

// unversioned is a config for requests by path.
func unversioned(conf *rest.Config) *rest.Config {
	c := rest.CopyConfig(conf)
	c.APIPath = "/"
	c.GroupVersion = &schema.GroupVersion{}
	// What a server answers that refuses is a Status; all else is read by us.
	refusals := runtime.NewScheme()
	refusals.AddUnversionedTypes(schema.GroupVersion{Version: "v1"}, &metav1.Status{})
	c.NegotiatedSerializer = serializer.NewCodecFactory(refusals).WithoutConversion()
	return c
}

// discover asks the server what it serves. Of several versions of a kind the
// one that the server prefers is read.
func (c *cluster) discover(ctx context.Context) (*discovery, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	raw, err := c.about.Get().AbsPath("/version").Do(ctx).Raw()
	if err != nil {
		return nil, err
	}
	var info version.Info
	if err := json.Unmarshal(raw, &info); err != nil || info.GitVersion == "" {
		return nil, &parity.Error{Code: parity.CodeUnavailable, What: "what answers is no Kubernetes API server", Hint: "check the address in the kubeconfig"}
	}
	client := kubediscovery.NewDiscoveryClient(c.about)
	groups, lists, err := client.ServerGroupsAndResourcesWithContext(ctx)
	failed := map[schema.GroupVersion]error{}
	var partly *kubediscovery.ErrGroupDiscoveryFailed
	if errors.As(err, &partly) {
		failed = partly.Groups
	} else if err != nil {
		return nil, err
	}
	d := &discovery{version: info.GitVersion, failed: failed}
	preferred := map[string][]string{}
	for _, g := range groups {
		order := []string{g.PreferredVersion.Version}
		for _, v := range g.Versions {
			d.served = append(d.served, v.GroupVersion)
			order = append(order, v.Version)
		}
		preferred[g.Name] = order
	}
	d.resources = listable(lists, preferred)
	return d, nil
}

// listable gives each kind once, in the version that its group prefers.
func listable(lists []*metav1.APIResourceList, preferred map[string][]string) []resource {
	best := map[string]resource{}
	for _, list := range lists {
		gv, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			continue
		}
		for _, r := range list.APIResources {
			if strings.Contains(r.Name, "/") || !slices.Contains(r.Verbs, "list") {
				continue
			}
			next := resource{cmp.Or(r.Group, gv.Group), cmp.Or(r.Version, gv.Version), r.Name, r.Kind, r.Namespaced}
			have, ok := best[next.group+"/"+next.name]
			order := preferred[next.group]
			if !ok || slices.Index(order, next.version) < slices.Index(order, have.version) {
				best[next.group+"/"+next.name] = next
			}
		}
	}
	out := make([]resource, 0, len(best))
	for _, r := range best {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b resource) int {
		return cmp.Or(strings.Compare(a.group, b.group), strings.Compare(a.name, b.name))
	})
	return out
}

// validPatterns refuses patterns that fit nothing.
func validPatterns(lists ...[]string) error {
	for _, list := range lists {
		for _, p := range list {
			if _, err := path.Match(p, ""); err != nil || p == "" {
				return &parity.Error{Code: parity.CodeConfig, What: "the pattern " + p + " is none", Hint: "write names, or patterns with * and ?"}
			}
		}
	}
	return nil
}

// fits reports whether one of the patterns fits the text.
func fits(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, text)
		return err == nil && ok
	})
}

// fitsKind reports whether one of the patterns names the kind, with or without
// its group.
func fitsKind(patterns []string, r resource) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		text := r.kind
		if strings.Contains(p, "/") {
			text = cmp.Or(r.group, "core") + "/" + r.kind
		}
		ok, err := path.Match(p, text)
		return err == nil && ok
	})
}
